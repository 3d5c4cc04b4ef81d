"""A controller that returns what it should not has done nothing, whoever called it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXPECTED = ROOT / "tests/cases/language/expected"
WRONG, RIGHT = [500, "WrongAnswerError"], [200, None]


@pytest.mark.timeout(600)
def test_a_wrong_answer_is_found_before_the_commit(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-B", "-m", "tests.runtime.endpoints.wrong_answers"),
            f"sqlite:///{tmp_path / 'test.db'}",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (EXPECTED, EXPECTED / "shared", ROOT)))},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # By the endpoint, by FastAPI, by an event; what came of it, and how many rows there were then.
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [WRONG, 0],
        [WRONG, 0],
        ["WrongAnswerError", 0],
        [RIGHT, 1],
        [RIGHT, 2],
        ["handled", 3],
    ]
