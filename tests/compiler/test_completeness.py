"""All mistakes of all files in one run, and nothing that only follows from them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from framework.diagnostics import Diagnostics
from tests.compiler.mistakes import MISTAKES, Mistake, project
from tests.compiler.projects import compiled

NUMBERED = [(number, mistake) for number, mistake in enumerate(MISTAKES, start=100)]


Told = tuple[str, str, str]


def told(diagnostics: Diagnostics) -> set[Told]:
    """What is said, without the lines on which it stands: these change with what else is in the file."""
    return {(found.place.path, found.code, found.message) for found in diagnostics}


def alone(root: Path) -> dict[int, set[Told]]:
    """What is said of each mistake when it is the only one."""
    return {number: told(compiled(root, project([(number, mistake)]))[1]) for number, mistake in NUMBERED}


def together(each: dict[int, set[Told]], mistakes: list[tuple[int, Mistake]]) -> set[Told]:
    """What is to be said of several mistakes in one project."""
    hidden = {code for _, mistake in mistakes for code in mistake.hides}
    return {found for number, _ in mistakes for found in each[number] if found[1] not in hidden}


@pytest.mark.parametrize(
    ("number", "mistake"), NUMBERED, ids=lambda value: "-".join(getattr(value, "codes", ()))
)
def test_a_mistake_alone_is_told_and_nothing_that_follows_from_it(
    number: int, mistake: Mistake, tmp_path: Path
) -> None:
    _, diagnostics = compiled(tmp_path, project([(number, mistake)]))
    assert sorted(found.code for found in diagnostics) == sorted(mistake.codes)


def test_all_of_them_at_once_are_told(tmp_path: Path) -> None:
    sayable = [(number, mistake) for number, mistake in NUMBERED if not mistake.hides]
    found = told(compiled(tmp_path, project(sayable))[1])
    assert found == together(alone(tmp_path), sayable)
    assert len(found) >= 50
    assert len({path for path, _, _ in found}) == 4


@pytest.mark.parametrize("part", range(4))
def test_any_two_of_them_are_told_together(part: int, tmp_path: Path) -> None:
    each = alone(tmp_path)
    for pair in list(combinations(NUMBERED, 2))[part::4]:
        _, diagnostics = compiled(tmp_path, project(pair))
        assert told(diagnostics) == together(each, list(pair)), pair


def test_what_is_wrong_in_one_place_is_right_in_another(tmp_path: Path) -> None:
    models = (
        "models:\n  Shelf:\n    fields:\n      id: {type: int}\n      made_on: {type: date}\n"
        "    variants:\n      made_on: {type: date}\n      Read: {}\n"
    )
    _, diagnostics = compiled(tmp_path, {"shared/spec/models.yaml": models})
    assert {(found.place.path, found.place.line) for found in diagnostics} == {("shared/spec/models.yaml", 7)}
