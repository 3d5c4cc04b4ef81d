"""Whatever a YAML file holds, the compiler answers with diagnostics: it never raises, and never hangs.

`make fuzz` tries longer, and in more ways; each round is known by its number.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from framework.load import load
from framework.renderings import MACHINE_FORMATS, text
from framework.resolve import resolve
from tooling.fuzz.mutation import mutated
from tooling.fuzz.rounds import play

PROJECT = Path(__file__).parent / "fuzzed_project"
ROUNDS = 3000
PARTS = 4


def told(root: Path) -> str:
    """What the compiler says of the project at `root`."""
    specs, diagnostics = load(root)
    resolve(specs, diagnostics)
    for render in MACHINE_FORMATS.values():
        render(diagnostics)
    return text.render(diagnostics)


def test_the_project_that_is_broken_is_sound_before(tmp_path: Path) -> None:
    assert told(PROJECT) == ""


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


def test_what_validates_is_generated_and_imported() -> None:
    account = play(range(80), seed=1)

    assert account.failures == {}
    assert account.outcomes["built"] > 5
