"""`make fuzz` in a made project: it finds what is planted, tells it in words, and else finds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.copier.support import ROOT, render
from tooling.chaos.scene import environment

# `make test` examines a service in `test_services.py`; here projects are made, which takes its time.
pytestmark = [pytest.mark.matrix, pytest.mark.timeout(600)]

Fuzz = Callable[..., subprocess.CompletedProcess[str]]
CONTROLLER = Path("services/backend/src/controllers/users.py")
FOUND = '''\
        """The user with this id. Raises `NotFound`."""
'''
LISTED = '''\
        """The users of one page."""
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the backend alone."""
    project = render(ROOT, tmp_path_factory.mktemp("made") / "project", ("backend",))
    framework(project, "generate").check_returncode()
    return project


def framework(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "framework", *arguments],
        cwd=project,
        env={**os.environ, **environment(project)},
        capture_output=True,
        text=True,
        check=False,
    )


def fuzz(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `make fuzz` runs, as short as it can be."""
    return framework(project, "fuzz", "--db", "sqlite", "--examples", "1", "--seed", "1", *arguments)


def test_the_template_has_no_fault(made: Path) -> None:
    done = fuzz(made)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("backend: ")
    assert done.stdout.endswith(" requests, no fault\n")
    assert (made / ".dev/fuzz/backend.log").exists()


def test_what_is_planted_is_found(made: Path) -> None:
    controller = made / CONTROLLER
    sound = controller.read_text()
    assert FOUND in sound
    assert LISTED in sound
    planted = sound.replace(FOUND, f"{FOUND}        _ = 1 // (user_id % 2)\n").replace(
        LISTED,
        f"{LISTED}        if page.after is None:\n"
        "            wrong = UserRead.model_construct(id='one')\n"
        "            return Page.model_construct(items=[wrong], next_cursor=None)\n",
    )
    controller.write_text(planted)

    done = fuzz(made)

    controller.write_text(sound)
    line = planted[: planted.index("_ = 1 //")].count("\n") + 1
    lines = done.stdout.splitlines()
    failed = lines.index("backend: GET /users/{user_id} failed with 500")
    assert lines[failed + 1].startswith("    ZeroDivisionError: ")
    assert lines[failed + 1].endswith(f"({CONTROLLER}:{line})")
    assert lines[failed + 2].startswith("    curl -i http://localhost:8000/users/")
    assert any(
        each.startswith("backend: GET /users was answered what the OpenAPI document does not say: ")
        for each in lines
    )
    assert lines[-1].startswith("Repeat this run with seed=1; ")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--service", "backnd"), "services.yml has no service 'backnd'; did you mean 'backend'?"),
        (("--examples", "none"), "'none' is no number of 1 or more"),
    ],
)
def test_a_mistake_is_told(made: Path, arguments: tuple[str, ...], told: str) -> None:
    done = framework(made, "fuzz", *arguments)

    assert done.returncode in {1, 2}
    assert told in done.stderr
    assert "Traceback" not in done.stderr
