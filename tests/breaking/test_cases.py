"""Each folder `tests/cases/breaking-*`: a project `before`, files that come over it `after`, what breaks.

`UPDATE_CASES=1 pytest tests/breaking/test_cases.py` writes what is said now; read the diff.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from framework.catalogue.compatibility import COMPATIBILITY
from framework.cli import main
from tests.breaking.repositories import commit

CASES = Path(__file__).parent.parent / "cases"


@pytest.mark.parametrize("code", COMPATIBILITY)
def test_what_breaks_is_told(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES / f"breaking-{code}"
    shutil.copytree(case / "before", tmp_path, dirs_exist_ok=True)
    commit(tmp_path)
    shutil.copytree(case / "after", tmp_path, dirs_exist_ok=True)
    status = main(["breaking", "--against", "HEAD", "--root", str(tmp_path)])
    said = capsys.readouterr().err
    expected = case / "stderr.txt"
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert f"[{code}]: " in said
    assert status == (1 if "error[" in said else 0)
