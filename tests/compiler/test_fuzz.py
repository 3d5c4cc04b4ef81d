"""Whatever a YAML file holds, the compiler answers with diagnostics: it never raises, and never hangs.

`FUZZ_ROUNDS=100000 pytest tests/compiler/test_fuzz.py` tries longer; each round is known by its number.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from framework.diagnostics import render_json, render_text
from framework.load import load
from framework.resolve import resolve
from tests.compiler.mutation import mutated

PROJECT = Path(__file__).parent / "fuzzed_project"
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "3000"))
PARTS = 4


def told(root: Path) -> str:
    """What the compiler says of the project at `root`."""
    specs, diagnostics = load(root)
    resolve(specs, diagnostics)
    render_json(diagnostics)
    return render_text(diagnostics)


def test_the_project_that_is_broken_is_sound_before(tmp_path: Path) -> None:
    assert told(PROJECT) == ""


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_specs_are_diagnosed_without_an_exception(part: int, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(PROJECT, root)
    files = sorted([root / "services.yml", *root.rglob("*.yaml")])
    originals = {path: path.read_text(encoding="utf-8") for path in files}
    broken = 0
    for number in range(part, ROUNDS, PARTS):
        chance = random.Random(number)  # noqa: S311 - no secret is made of it
        path = chance.choice(files)
        data = mutated(originals[path], chance)
        path.write_bytes(data)
        try:
            broken += "error[" in told(root)
        except Exception as error:
            error.add_note(f"round {number}, {path.relative_to(root)}:\n{data!r}")
            raise
        path.write_text(originals[path], encoding="utf-8")
    # Were most of them sound, or all of them nonsense, then little would have been tried.
    assert 0.5 < broken / len(range(part, ROUNDS, PARTS)) < 0.99
