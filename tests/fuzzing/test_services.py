"""schemathesis finds no fault in services that use the whole spec language, and in those of the template."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from framework.dev.project import open_project
from framework.fuzzing.examination import Depth
from framework.fuzzing.rig import Options, run
from framework.servers.redis import start_redis
from tests.copier.support import ROOT, render
from tests.fuzzing.conftest import surroundings
from tests.fuzzing.language import SERVICES
from tooling.chaos.scene import environment

pytestmark = pytest.mark.timeout(1800)

SHORT = Depth(examples=1, seed=1, phases="coverage,fuzzing")
LONG = Depth(examples=30, seed=2)
REPORT = Path(os.environ.get("FUZZ_REPORT", os.devnull))
"""Where the report of the long runs is written, for people."""


def examined(project: Path, options: Options, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Examine the services of a project; what was told, which must not speak of faults."""
    monkeypatch.setenv("PYTHONPATH", surroundings(project)["PYTHONPATH"])
    told: list[str] = []
    is_sound = run(open_project(project), options, told.append)
    with REPORT.open("a") as report:
        report.write("\n".join([f"{project.parent.name} on {options.database}:", *told, ""]) + "\n")
    assert is_sound, "\n".join(told)
    return told


def test_a_service_of_every_kind_of_value(language: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = examined(language, Options("desk", SHORT, "sqlite"), monkeypatch)

    assert told.startswith("desk: ")
    assert told.endswith(" requests, no fault")


@pytest.mark.matrix
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_whole_language(language: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    told = examined(language, Options(None, LONG, database), monkeypatch)

    assert [line.split(":")[0] for line in told] == ["courier", "desk", "shop"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project made from the template, with the services that answer HTTP."""
    project = render(ROOT, tmp_path_factory.mktemp("template") / "project", ("backend", "notifications"))
    subprocess.run(
        [sys.executable, "-m", "framework", "generate"],
        cwd=project,
        env={**os.environ, **environment(project)},
        check=True,
    )
    return project


@pytest.mark.matrix
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_services_of_the_template(template: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    assert examined(template, Options(None, LONG, database), monkeypatch)


@pytest.mark.matrix
@pytest.mark.parametrize("service", SERVICES)
def test_over_asgi(language: Path, tmp_path: Path, service: str) -> None:
    redis = start_redis()
    settings = {
        **surroundings(language),
        **{f"{each.upper()}_API_BASE_URL": "http://127.0.0.1:9" for each in SERVICES},
        "REDIS_URL": redis.url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/it.db",
    }
    try:
        migrate = [sys.executable, "-m", "framework", "migrate", "shop"]
        if service == "shop":
            own = {**settings, "SHOP_DATABASE_URL": settings["DATABASE_URL"], "DATABASE_URL": ""}
            subprocess.run(migrate, cwd=language, env=own, check=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzzing.over_asgi", service, str(LONG.examples)],
            cwd=language,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        redis.close()

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["operations"] >= 1
