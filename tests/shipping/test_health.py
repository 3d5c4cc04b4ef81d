"""`make prod-start` waits for health, with a `docker` that tells how containers do, look by look."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from framework.shipping import health
from framework.shipping.engine import Way
from framework.shipping.errors import ShippingError
from tests.shipping.programs import put_docker_on_the_path

DOCKER = (
    f"#!{sys.executable} -IS\n"
    + """
import json, os, sys
arguments = sys.argv[1:]
if "config" in arguments:
    print("shop\\nshop-migrations")
elif "ps" in arguments and "NO_ENGINE" in os.environ:
    sys.exit("Cannot connect to the Docker daemon")
elif "ps" in arguments:
    print("1\\n2\\n3")
elif arguments[0] == "inspect":
    with open(os.environ["LOOKS"], "r+") as file:
        looks = json.load(file)
        print(json.dumps(looks[0]))
        file.seek(0)
        file.truncate()
        json.dump(looks[1:] or looks, file)
elif arguments[0] == "logs":
    print("out of " + arguments[-1])
    print("Traceback", file=sys.stderr)
"""
)


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with what Docker says of the containers at each look; the last is said ever after."""
    put_docker_on_the_path(DOCKER, tmp_path, monkeypatch)
    monkeypatch.setenv("LOOKS", str(tmp_path / "looks.json"))
    monkeypatch.setattr(health, "_INTERVAL", 0.01)
    return tmp_path / "looks.json"


def container(
    service: str, status: str, health: str = "", *, exit_code: int = 0, restarts: int = 0
) -> dict[str, Any]:
    """What `docker inspect` says of a container, as far as it matters here."""
    checked = {"Health": {"Status": health}} if health else {}
    return {
        "Id": f"id-of-{service}",
        "Config": {"Labels": {"com.docker.compose.service": service}},
        "State": {"Status": status, "ExitCode": exit_code, **checked},
        "RestartCount": restarts,
    }


MIGRATED = container("shop-migrations", "exited")
FORMER = container("bot", "exited", exit_code=137)
"""Of a profile that is not asked for this time."""


def ailments(looks: Path, *of_the_shop: dict[str, Any]) -> list[str]:
    looks.write_text(json.dumps([[MIGRATED, FORMER, each] for each in of_the_shop]))
    return list(health.ailing(looks.parent, Way.PRODUCTION))


def test_what_becomes_healthy_is_waited_for(looks: Path) -> None:
    starting = container("shop", "running", "starting")
    assert ailments(looks, starting, starting, container("shop", "running", "healthy", restarts=1)) == []
    assert len(json.loads(looks.read_text())) == 1


def test_what_was_restarted_long_ago_is_well(looks: Path) -> None:
    assert ailments(looks, container("shop", "running", "healthy", restarts=9)) == []
    starting = container("shop", "running", "starting", restarts=9)
    assert ailments(looks, starting, starting, container("shop", "running", "healthy", restarts=9)) == []


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (container("shop", "running", "unhealthy"), "unhealthy"),
        (container("shop", "exited", exit_code=3), "ended with status 3"),
        (container("shop", "restarting", "starting", restarts=3), "started 4 times"),
    ],
)
def test_what_does_not_is_told_with_the_end_of_its_log(
    after: dict[str, Any], state: str, looks: Path
) -> None:
    starting = container("shop", "running", "starting")
    assert ailments(looks, starting, starting, after) == [
        f"shop is not healthy, but {state}. What it said last:\n"
        "  out of id-of-shop\n"
        "  Traceback\n"
        "All of it: make prod-logs service=shop"
    ]


def test_what_takes_too_long_is_told(looks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 0)
    (told,) = ailments(looks, container("shop", "running", "starting"))
    assert told.startswith("shop is not healthy, but starting.")


def test_an_engine_that_goes_away_is_told(looks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_ENGINE", "1")
    with pytest.raises(ShippingError, match="how the containers do: Cannot connect to the Docker daemon"):
        ailments(looks, container("shop", "running"))
