"""Each folder under `tests/cases` with a `stderr.txt`: specs, and what `validate` says of them.

The folders `breaking-*` and `lint-*` belong to the suites of those commands.

`UPDATE_CASES=1 pytest tests/compiler/test_cases.py` writes what is said now; read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from framework.catalogue import CATALOGUE
from framework.cli import main

CASES = Path(__file__).parent.parent / "cases"
TOLD = sorted(path.parent for path in CASES.glob("*/stderr.txt"))
FOLDERS = [folder for folder in TOLD if not folder.name.startswith(("breaking-", "lint-"))]
CODE = re.compile(r"(?:error|warning|note)\[([a-z0-9-]+)\]: ")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_validate_says_what_the_case_expects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["validate", "--notes", "--root", str(folder / "specs")])
    said = capsys.readouterr().err
    expected = folder / "stderr.txt"
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert status == (1 if "error[" in said else 0)


def test_every_code_has_a_case_and_every_mistake_is_named_by_its_code() -> None:
    shown = {
        folder.name: CODE.findall((folder / "stderr.txt").read_text(encoding="utf-8")) for folder in TOLD
    }
    assert set(CATALOGUE) - {code for codes in shown.values() for code in codes} == set()
    for name, codes in shown.items():
        _, _, code = name.partition("-")
        if code in CATALOGUE:
            assert code in codes, f"{name} does not show its code"
