"""The make targets that run containers, with a `docker` that writes down what it is asked for."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from framework.shipping.engine import project_name
from tests.compiler.projects import write
from tests.shipping.programs import put_docker_on_the_path
from tests.shipping.projects import OWN

RECORDER = (
    f"#!{sys.executable} -IS\n"
    + """
import json, os, sys
arguments = sys.argv[1:]
if arguments[:1] == ["info"]:
    sys.exit(int(os.environ.get("NO_ENGINE", 0)))
if arguments[:2] == ["compose", "version"]:
    sys.exit(int(os.environ.get("NO_COMPOSE", 0)))
names = ("COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "HOST_UID", "HOST_GID")
with open(os.environ["RECORD"], "a") as record:
    print(json.dumps([arguments, {name: os.environ.get(name) for name in names}]), file=record)
if arguments[:2] == ["network", "create"] and "NO_ROOM" in os.environ:
    sys.exit("could not find an available, non-overlapping IPv4 address pool among the defaults")
if "config" in arguments or "ps" in arguments:
    print(os.environ.get("CONFIG" if "config" in arguments else "RUNNING", ""))
    sys.exit()
sys.exit(int(os.environ.get("FAILS", 0)))
"""
)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `docker` was asked for; it stands on the path."""
    put_docker_on_the_path(RECORDER, tmp_path, monkeypatch)
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    for name in ("COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "record"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with locks, as far as these targets look at it."""
    root = write(tmp_path / "My Shop", OWN)
    (root / "infra").mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setattr("framework.shipping.locks.outdated", lambda *_: iter(()))
    monkeypatch.setattr("framework.shipping.locks.lock_of", lambda root, _: root / "services.yml")
    return root


def asked(record: Path) -> list[tuple[list[str], dict[str, Any]]]:
    return [tuple(json.loads(line)) for line in record.read_text().splitlines()] if record.exists() else []


def test_development(project: Path, record: Path) -> None:
    (project / ".env").touch()
    assert main(["compose", "dev", "start"]) == 0
    (arguments, environment), (seen, _) = asked(record)
    assert arguments == [
        "compose",
        "--env-file=.env",
        "--file=infra/compose.base.yml",
        "--file=infra/compose.dev.yml",
        "up",
        "--detach",
        "--build",
        "--remove-orphans",
    ]
    assert environment == {
        "COMPOSE_PROJECT_NAME": "my-shop-dev",
        "COMPOSE_PROFILES": None,
        "HOST_UID": str(os.getuid()),
        "HOST_GID": str(os.getgid()),
    }
    assert seen[-1] == "ps"


def test_what_profiles_have_started_is_stopped(
    project: Path, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", "tg")
    for deed in ("start", "stop", "logs"):
        assert main(["compose", "dev", deed]) == 0
    profiles = [environment["COMPOSE_PROFILES"] for words, environment in asked(record) if "compose" in words]
    assert profiles == ["tg", "tg", "*", "*"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("nigth", "no service has the profile 'nigth'; did you mean 'night'?"),
        ("tg,x", "there are: 12, night, tg"),
    ],
)
def test_an_unknown_profile_is_told(
    project: Path,
    record: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    chosen: str,
    words: str,
) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", chosen)
    assert main(["compose", "dev", "start"]) == 1
    assert words in capsys.readouterr().err
    assert asked(record) == []


def test_production_asks_for_its_secrets(
    project: Path, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compose", "prod", "start"]) == 1
    assert "infra/secrets/TELEGRAM_BOT_TOKEN" in capsys.readouterr().err
    assert asked(record) == []
    for name in ("BANK_KEY", "MAIL_KEY", "TELEGRAM_BOT_TOKEN"):
        (project / "infra/secrets" / name).touch()
    assert main(["compose", "prod", "start"]) == 0
    assert "--file=infra/compose.prod.yml" in asked(record)[0][0]


def test_tests_are_run_for_each_service_and_leave_nothing(
    project: Path, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["compose", "tests", "run", "shop"]) == 0
    arguments = [arguments[2:] for arguments, _ in asked(record)]
    assert arguments == [["run", "--build", "--rm", "shop-tests"], ["down", "--volumes"]]
    monkeypatch.setenv("FAILS", "3")
    assert main(["compose", "tests", "run"]) == 3


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine that somebody else has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def described(port: int) -> str:
    """What Compose says of two services, the second without a port."""
    shop = {
        "ports": [{"host_ip": "127.0.0.1", "published": str(port)}],
        "networks": {"shop": None, "line": None},
    }
    return json.dumps({"services": {"shop": shop, "mail": {"networks": {"line": None}}}})


def test_a_port_that_is_taken_is_told(
    project: Path,
    record: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    taken: int,
) -> None:
    monkeypatch.setenv("FAILS", "1")
    monkeypatch.setenv("CONFIG", described(taken))
    assert main(["compose", "dev", "start"]) == 1
    words = f"Port {taken}, which shop is to have, is taken by another program"
    assert words in capsys.readouterr().err
    monkeypatch.setenv("RUNNING", "shop")
    assert main(["compose", "dev", "start"]) == 1
    told = capsys.readouterr().err
    assert words not in told
    assert told == "What the containers said: make dev-logs. Stop those that run: make dev-stop.\n"


def test_that_docker_has_no_room_for_networks_is_told(
    project: Path,
    record: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FAILS", "17")
    monkeypatch.setenv("CONFIG", described(0))
    monkeypatch.setenv("NO_ROOM", "1")
    assert main(["compose", "dev", "start"]) == 17
    told = capsys.readouterr().err
    assert told.startswith("Docker has no room for another network, and this project needs 2.")
    assert '{"default-address-pools": [{"base": "172.16.0.0/12", "size": 24}]}' in told


def test_what_stops_leaves_no_networks_of_earlier_files(project: Path, record: Path) -> None:
    assert main(["compose", "prod", "stop"]) == 0
    (down, _), (prune, _) = asked(record)
    assert down[-2:] == ["down", "--remove-orphans"]
    assert prune == [
        "network",
        "prune",
        "--force",
        "--filter=label=com.docker.compose.project=my-shop-prod",
    ]


@pytest.mark.parametrize(
    ("variable", "words"),
    [("NO_ENGINE", "No Docker engine answers: start it"), ("NO_COMPOSE", "This `docker` has no Compose")],
)
def test_what_docker_lacks_is_told(
    project: Path,
    record: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    words: str,
) -> None:
    monkeypatch.setenv(variable, "1")
    assert main(["compose", "dev", "start"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(words)
    assert "`make dev` runs everything without Docker." in told
    assert asked(record) == []


def test_without_docker_that_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["compose", "dev", "start"]) == 1
    assert capsys.readouterr().err.startswith(
        "Docker is needed for this, and there is no `docker` on the path."
    )


@pytest.mark.parametrize(
    ("folder", "name"),
    [("My Shop", "my-shop"), ("shop_2", "shop_2"), ("___", "project"), ("Ünicode", "nicode")],
)
def test_a_project_is_called_after_its_folder(folder: str, name: str) -> None:
    assert project_name(Path(folder)) == name
