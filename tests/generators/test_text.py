"""Text of the specs in generated code: it says the same, and breaks nothing."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from framework.columns import columns
from framework.files import File
from framework.formatting import formatted
from framework.generators.text import WIDTH, docstring, literal

NASTY = {
    "quotes": "He said \"no\", she said 'yes'",
    "triple quotes": "a \"\"\" b ''' c",
    "four quotes": 'a """" b',
    "a quote at the end": 'ends with a "quote"',
    "a quote at the start": '"starts" so',
    "only quotes": '"""',
    "a backslash at the end": "C:\\temp\\",
    "a backslash before a quote": 'a\\"b\\"""',
    "escapes": r"\n \x41 \u0041 \N{BULLET} \0",
    "braces": "{a} {{b}} {% c %} {# d #}",
    "lines": "first\n\n    code\nlast",
    "carriage returns": "a\r\nb\rc",
    "control characters": "bell \a null \0 escape \x1b[31m",
    "separators": "a\u2028b\x0cc\x85d",
    "direction marks": "a\u202eb\u2066c",
    "half a pair": "a\ud800b",
    "astral": "\N{SNOWMAN} \U0001f600 Ødegård Пользователь",
    "tabs": "a\tb",
    "blanks at the end": "a  \nb  ",
    "long": "word " * 60,
    "a long word": "x" * 300,
    "long with quotes": 'it\'s "so" ' * 40,
    "a comment": "# Generated from",
    "wide": "漢 字 " * 60,
    "a wide word": "漢字" * 60,
}

nasty = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)


def in_shape(code: str) -> str:
    """The code as ruff leaves it."""
    return next(formatted([File("module.py", code)])).text


@nasty
def test_a_literal_is_its_text(text: str) -> None:
    module = in_shape(f"x = {literal(text)}\n")

    assert ast.literal_eval(ast.parse(module).body[0].value) == text  # type: ignore[attr-defined]
    assert max(map(columns, module.splitlines())) <= WIDTH


@pytest.mark.parametrize("value", [None, True, 0, -(2**63), 1.5, 1e300, [1, ["a"]], {"a": {"b": [None]}}])
def test_a_literal_is_its_value(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


@nasty
@pytest.mark.parametrize("indent", [0, 4, 8])
def test_a_docstring_has_the_words_of_its_text(text: str, indent: int) -> None:
    margin = " " * indent
    blocks = "".join(f"{' ' * depth}class C:\n" for depth in range(0, indent, 4))

    module = in_shape(f"{blocks}{margin}{docstring(text, indent)}\n{margin}x = 1\n")

    node: Any = ast.parse(module)
    for _ in range(0, indent, 4):
        node = node.body[0]
    assert inspect.cleandoc(ast.get_docstring(node) or "").split() == text.split()
    assert all(columns(line) <= WIDTH or len(line.split()) == 1 for line in module.splitlines())


def test_a_long_description_is_wrapped() -> None:
    text = docstring("A list:\n- " + "word " * 60, 8)

    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert text.splitlines()[2].startswith(" " * 10 + "word")
