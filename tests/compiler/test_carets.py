"""Carets stand under what is meant, whatever stands before it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from framework.columns import columns
from framework.renderings import text
from tests.compiler.projects import compiled

START = "models:\n  Book:\n    fields:\n"


def underlined(root: Path, line: str) -> list[str]:
    """The parts of the excerpts that stand above carets, as a terminal shows them."""
    _, diagnostics = compiled(root, {"shared/spec/models.yaml": START + line})
    rows = text.render(diagnostics).splitlines()
    return [part_above(above, row) for above, row in pairwise(rows) if "^" in row]


def part_above(excerpt: str, carets: str) -> str:
    start, end = carets.index("^"), carets.rindex("^") + 1
    position, found = 0, ""
    for character in excerpt:
        if start <= position < end:
            found += character
        position += columns(character)
    return found


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("      id: {type: itn}", ["itn"]),
        ("      id: {description: 日本語の本, type: itn}", ["itn"]),
        ("      id: {description: e\u0301te\u0301, type: itn}", ["itn"]),
        ("      id: {description: 👩‍🚀, type: itn}", ["itn"]),
        ("      id: {description: a\tb,\ttype:\titn}", ["itn"]),
        ("      id: {type: 'list[itn]'}", ["itn"]),
        ('      id: {type: "dict[string, itn]"}', ["itn"]),
        ('      id: {type: "list\\u005bitn]"}', ['"list\\u005bitn]"']),
        ("      id:\n        type: >-\n          itn", [">-"]),
        ("      id: {type: int, 日本: 1}", ["日本"]),
        ("      id: {type: int, 'optinal': true}", ["'optinal'"]),
        ("      id:\n        type: list[int\n          ]]", ["list[int"]),
        ("      id: {type: int, ge: 2,   le: 1}", ["1", "2"]),
        ("      id: {type: int, examples: [1, 二]}", ["二"]),
        ("      ? id\n      : {type: itn}", ["itn"]),
    ],
)
def test_the_caret_is_under_what_is_meant(line: str, parts: list[str], tmp_path: Path) -> None:
    assert underlined(tmp_path, line + "\n") == parts
