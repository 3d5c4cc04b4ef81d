"""The generated projects run: with the code of a person in the one, with nothing but stubs in the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.generators.cases import CASES, make_project


def run_tests(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of a project as `make tests` does."""
    roots = os.pathsep.join(str(root / part) for part in ("", "shared", ".framework"))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "services"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_complete_example_works_over_rest_and_events(tmp_path: Path) -> None:
    done = run_tests(make_project(CASES / "users_example", tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_services_made_of_stubs_start(tmp_path: Path) -> None:
    done = run_tests(make_project(CASES / "language", tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "76 passed" in done.stdout
