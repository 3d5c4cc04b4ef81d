"""Each folder under `tests/cases` with an `expected` tree: specs of a project, and what follows from them.

`UPDATE_CASES=1 pytest tests/generators/test_golden.py` writes what follows now; read the diff.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.plan import plan
from framework.scaffold.sync import compare
from tests.generators.cases import FOLDERS, NAMES, make_project, tree, type_checked

each_case = pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)

RULES = "A,ASYNC,B,C4,D1,D403,D410,D411,E,F,I,N,PERF,PIE,PT,PTH,RET,RUF,S,SIM,TC,UP,W"
"""What a made project checks, and docstrings."""

IGNORED = "D107,N818,RUF001,RUF002,RUF003,S101,TC001,TC002,TC003"
FIRST_PARTY = 'lint.isort.known-first-party=["framework","services","shared"]'

TESTS = ("--per-file-ignores", "**/tests/**:D1")


@each_case
def test_what_is_generated_and_begun_is_the_expected_tree(folder: Path) -> None:
    found = {file.path: file.text.encode() for file in compare(folder / "specs").files}
    assert {file.path for file in plan(folder / "specs").files} < found.keys()
    expected = folder / "expected"
    if os.environ.get("UPDATE_CASES"):
        shutil.rmtree(expected)
        for path, content in found.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(content)
    assert found == tree(expected)


@each_case
def test_the_expected_tree_passes_ruff(folder: Path) -> None:
    for command in (
        ["check", f"--select={RULES}", f"--ignore={IGNORED}", "--config", FIRST_PARTY, *TESTS],
        ["format", "--check"],
    ):
        done = subprocess.run(
            [find_ruff_bin(), *command, "--isolated", "--no-cache", "--line-length=100", folder / "expected"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@each_case
@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--diff"]], ids=["check", "format"])
def test_the_stubs_pass_the_checks_of_a_project(folder: Path, command: list[str], tmp_path: Path) -> None:
    root = make_project(folder, tmp_path)
    done = subprocess.run(
        [find_ruff_bin(), *command, "--no-cache", "services", "shared"],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(600)  # the others are waited for
@each_case
def test_the_expected_tree_passes_mypy(folder: Path, tmp_path: Path) -> None:
    root = make_project(folder, tmp_path)
    done = type_checked(root)
    assert done.returncode == 0, done.stdout
