"""Each folder `tests/cases/lint-…`: specs to generate from, code laid over that, what `lint` says.

`UPDATE_CASES=1 pytest tests/lint/test_cases.py` writes what is said now; read the diff.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from framework.cli import main
from tests.generators.cases import CASES

FOLDERS = sorted(CASES.glob("lint-*"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_lint_says_what_the_case_expects(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder / "specs", tmp_path, dirs_exist_ok=True)
    assert main(["sync", "--root", str(tmp_path)]) == 0
    shutil.copytree(folder / "code", tmp_path, dirs_exist_ok=True)
    capsys.readouterr()

    status = main(["lint", "--root", str(tmp_path)])

    said = capsys.readouterr().err
    expected = folder / "stderr.txt"
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert status == (1 if "error[" in said else 0)
