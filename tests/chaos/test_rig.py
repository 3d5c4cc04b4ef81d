"""The short form of `make chaos`, here and in a made project: real processes, real kills."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.copier.support import ROOT, render
from tooling.chaos.scene import environment

pytestmark = pytest.mark.timeout(1200)

SECONDS = ("--seconds", "8", "--seed", "1", "--json")


def run(*command: str, folder: Path, **variables: str) -> dict[str, object]:
    """Run until the account is printed; it must be clean."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    account: dict[str, object] = json.loads(done.stdout)
    return account


def test_nothing_is_lost_on_the_project_that_fails_in_every_way(tmp_path: Path) -> None:
    account = run("tooling.chaos", "--project", str(tmp_path / "project"), *SECONDS, folder=ROOT)

    assert account["breaches"] == []
    assert account["committed"]
    assert account["handled"]


def test_a_made_project_has_the_rig_for_its_own_specs(tmp_path: Path) -> None:
    project = render(ROOT, tmp_path / "project", ("backend", "notifications"))
    variables = environment(project)
    subprocess.run(
        [sys.executable, "-m", "framework", "generate"],
        cwd=project,
        env={**os.environ, **variables},
        check=True,
    )

    account = run("framework", "chaos", "--db", "sqlite", *SECONDS, folder=project, **variables)

    assert account["breaches"] == []
    assert account["handled"]


def test_where_nothing_can_break_that_is_told(tmp_path: Path) -> None:
    project = render(ROOT, tmp_path / "project", ("tg_bot",))
    variables = environment(project)
    command = [sys.executable, "-m", "framework"]
    own = {**os.environ, **variables}
    subprocess.run([*command, "generate"], cwd=project, env=own, check=True)

    done = subprocess.run(
        [*command, "chaos"], cwd=project, env=own, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("there is nothing to break")
