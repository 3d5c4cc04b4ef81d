"""The case `users_example`, completed by hand as its `code` folder has it, runs: over REST and over events."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.generators.cases import CASES, make_project

FOLDER = CASES / "users_example"


def test_the_completed_project_passes_its_tests(tmp_path: Path) -> None:
    root = make_project(FOLDER, tmp_path)
    roots = os.pathsep.join(str(root / part) for part in ("", "shared", ".framework"))

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "services"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
