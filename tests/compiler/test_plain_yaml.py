"""What is read without PyYAML is read as PyYAML reads it: by examples, and by specs broken at random."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from framework.diagnostics import Diagnostics
from framework.nodes import compose, value
from framework.plain_yaml import read_plain
from framework.source import Source
from tooling.fuzz.mutation import mutated

CASES = Path(__file__).parents[1] / "cases"
ROUNDS = 1_500

SLIPS = (*":,[]{}#'\"-? \n&*!|>%@.=\\", "  ", "- ", ": ", " #", "null", "1e5")
"""What is put into a text besides what the fuzzer puts there."""


def by_pyyaml(text: str) -> Any:
    """The value of a text; an object that equals nothing if something is wrong."""
    source, diagnostics = Source("spec.yaml", text), Diagnostics()
    tree = compose(source, diagnostics)
    found = value(source, tree, diagnostics) if tree else None
    return object() if diagnostics else found


def written(found: Any) -> str:
    """A value with its types and the order of its keys, to be compared."""
    return json.dumps(found, default=repr)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a: 1\nb: no", {"a": 1, "b": "no"}),
        ("a:\n  b: x y\n  c:\n\n# words\nd: ''", {"a": {"b": "x y", "c": None}, "d": ""}),
        ("a: x # why\nb: x#y", {"a": "x", "b": "x#y"}),
        ("a:\n- b\n- c: 1\n  d: 2\n- {e: [f, 3]}", {"a": ["b", {"c": 1, "d": 2}, {"e": ["f", 3]}]}),
        (
            "a: {b: What's up, c: '\"', d: \"{x}\", e: {}}",
            {"a": {"b": "What's up", "c": '"', "d": "{x}", "e": {}}},
        ),
        ("null: {true: ~, 1: -5}", {"null": {"true": None, "1": -5}}),
        ("a: [1.50, 017, 0x1F, 12:30, 1e3]\n", None),  # a colon among brackets
        ("a: http://x/y", {"a": "http://x/y"}),
    ],
)
def test_plain_yaml_is_read(text: str, meant: object) -> None:
    assert written(read_plain(text)) == written(meant)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "- a", "a: b: c", "a: b\n c: d", "a: b\n  c", "a:\n  b: 1\n c: 2", "a: 1\na: 2"),
        *("a: {b: 1, b: 2}", "a: {b:1}", 'a: {"b":1}', "a: {b", "a: [b: c]", "a: [1,]", "a: {b, c: 1}"),
        *("a: [[1]\nb: [2]], [3]", "a: &x 1", "a: *x", "a: !t 1", "a: |\n  b", "a: >\n  b", "a: 'b''c'"),
        *('a: "\\n"', "a:\tb", "a: b\r\n", "a: 1e999", "a: .nan", "? a", "a: @b", "--- \na: 1", "a: b\n..."),
        *("a: [- b]", "a: {? b}", "a: ''''", "a: 'b' c", " a: 1", "a: [x]y", "a: - b", "a: [" * 50),
        "".join(f"{' ' * level}a:\n" for level in range(60)),
    ],
)
def test_all_else_is_left_to_pyyaml(text: str) -> None:
    assert read_plain(text) is None


def specs() -> list[str]:
    """Texts of the cases, sound ones and broken ones."""
    paths = (path for end in ("yaml", "yml") for path in sorted(CASES.glob(f"*/specs/**/*.{end}")))
    return [path.read_text("utf-8", errors="replace") for path in paths if path.is_file()]


def test_every_spec_is_read_as_pyyaml_reads_it() -> None:
    texts = specs()
    plain = [(text, found) for text in texts if (found := read_plain(text)) is not None]
    assert len(plain) > 0.9 * len(texts)
    assert [text for text, found in plain if written(found) != written(by_pyyaml(text))] == []


def test_broken_specs_are_read_as_pyyaml_reads_them() -> None:
    chance = random.Random(0)  # noqa: S311
    sound = [text for text in specs() if read_plain(text)]
    differing = []
    for _ in range(ROUNDS):
        text = chance.choice(sound)
        if chance.random() < 0.3:
            text = mutated(text, chance).decode(errors="replace")
        for _ in range(chance.randrange(4)):
            start = chance.randrange(len(text) + 1)
            text = text[:start] + chance.choice(SLIPS) + text[start + chance.randrange(2) :]
        found = read_plain(text)
        if found is not None and written(found) != written(by_pyyaml(text)):
            differing.append(text)
    assert differing == []
