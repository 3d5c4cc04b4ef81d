"""Text of the specs as text of Python: literals and docstrings that say the same and break nothing."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from framework.columns import columns

WIDTH = 100
"""Columns of a line of generated code."""

_LITERAL_WIDTH = 72
"""Columns of a string literal after which it goes on in the next line."""

_INDENT = "    "

ROW = '" "'
"""Between literals that stand in a row, which ruff makes one if that fits into the line."""

_CLOSING = re.compile('"{3,}')
_FINAL = re.compile('"+$')
_QUOTES_AT_END = re.compile(r'(?P<backslashes>\\*)"+$')

_HANGING = re.compile(r"\s*(?:[-*] )?")
"""What the next lines of a wrapped line stand behind: its indentation, and the mark of a list."""

_FILLER = "\0"
"""Stands for the second column of a wide character; an escaped line has none of it."""

_WORDS = re.compile(r"\S*\s*")


def literal(value: Any) -> str:
    """A Python expression for JSON-like data; long strings are cut into several that stand in a row."""
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, int):
        return repr(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    return quoted(value) if isinstance(value, bytes) else repr(value)


def quoted(value: str | bytes) -> str:
    """A literal in the quotes that ruff wants: double ones, unless that takes more backslashes."""
    if isinstance(value, str) and _is_plain(value):
        return f'"{value}"'
    written = repr(value)
    prefix = "b" if isinstance(value, bytes) else ""
    mark, inside = written[len(prefix)], written[len(prefix) + 1 : -1]
    single, double = inside.count("'"), inside.count('"')
    if mark == "'" and single:
        inside = inside.replace("\\'", "'")
    wanted = "'" if double > single else '"'
    escaped = inside.replace(wanted, f"\\{wanted}")
    return f"{prefix}{wanted}{escaped}{wanted}"


@lru_cache(maxsize=4_096)  # most are names, which stand in many places
def _string(value: str) -> str:
    written = quoted(value)
    if columns(written) <= _LITERAL_WIDTH:
        return written
    return "(" + " ".join(quoted(piece) for piece in _pieces(value)) + ")"


def _pieces(value: str) -> list[str]:
    """Cut a long text after blanks, and a long word anywhere."""
    words = [
        word[start : start + _LITERAL_WIDTH // 2]
        for word in _WORDS.findall(value)
        for start in range(0, len(word), _LITERAL_WIDTH // 2)
    ]
    pieces = [""]
    for word in words:
        if pieces[-1] and columns(quoted(pieces[-1] + word)) > _LITERAL_WIDTH:
            pieces.append("")
        pieces[-1] += word
    return pieces


@lru_cache(maxsize=4_096)  # an operation is described in protocols, operations, routers and clients
def docstring(text: str, indent: int = 0) -> str:
    """A docstring, quotes included, whose first line stands `indent` columns from the margin."""
    if len(text) <= WIDTH - indent - 6 and _is_plain(text):
        return f'"""{text.strip()}"""'
    margin = " " * indent
    lines = [
        piece
        for line in text.strip().expandtabs(4).splitlines()
        for piece in _wrapped(_escaped(line), indent)
    ]
    if len(lines) == 1:
        return f'{_opened(_closed(lines[0]))}"""'
    # Ruff has the least indented line of those that follow at the margin.
    is_at_margin = any(line and not line.startswith(" ") for line in lines[1:])
    rest = lines[1:] if is_at_margin else textwrap.dedent("\n".join(lines[1:])).split("\n")
    body = "\n".join(margin + line if line else "" for line in rest)
    return f'{_opened(lines[0])}\n{body}\n{margin}"""'


def _is_plain(text: str) -> bool:
    """Whether each character of a text stands for itself between double quotes, on one line."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _opened(line: str) -> str:
    """The line behind the quotes of a docstring, away from a quote of its own."""
    return f'""" {line}' if line.startswith('"') else f'"""{line}'


def _wrapped(line: str, indent: int) -> list[str]:
    # Three columns for the quotes of the first line, three for those of a line that stays alone.
    width = max(40, WIDTH - indent - 6)
    if columns(line) <= width:
        return [line.rstrip()]
    hanging = " " * len(_HANGING.match(line).group())  # type: ignore[union-attr]
    pieces = textwrap.wrap(
        _filled(line), width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
    return [piece.replace(_FILLER, "") for piece in pieces]


def _filled(line: str) -> str:
    """The line with as many characters as it has columns, for `textwrap`, which counts those."""
    if line.isascii():
        return line
    return "".join(each + _FILLER if columns(each) > 1 else each for each in line)


def _escaped(line: str) -> str:
    """Nothing in a docstring may end it, begin an escape sequence, or be invisible."""
    if _is_plain(line):
        return line
    escaped = _CLOSING.sub(_quoted, line.replace("\\", "\\\\"))
    if escaped.isprintable():
        return escaped
    return "".join(each if each.isprintable() else _escape(each) for each in escaped)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _quoted(quotes: re.Match[str]) -> str:
    return quotes[0].replace('"', '\\"')


def _closed(line: str) -> str:
    """The line so that quotes may follow it: those at its own end are escaped, unless they are already."""
    end = _QUOTES_AT_END.search(line)
    is_bare = end is not None and len(end["backslashes"]) % 2 == 0
    return _FINAL.sub(_quoted, line) if is_bare else line


def called(head: str, arguments: Sequence[str], depth: int = 0) -> str:
    """A call `depth` columns from the margin, broken as ruff breaks it if it is too long and that is plain.

    Formatting would come to the same, but it would have to find the arguments in the line again.
    """
    inside = ", ".join(arguments)
    line = f"{head}({inside})"
    if depth + len(line) <= WIDTH:
        return line
    room = WIDTH - depth - len(_INDENT)
    margin = "\n" + " " * depth
    is_plain = line.isascii() and ROW not in inside and depth + len(head) < WIDTH
    if is_plain and len(inside) <= room:
        return f"{head}({margin}{_INDENT}{inside}{margin})"
    if is_plain and len(arguments) > 1 and max(map(len, arguments)) < room:
        lines = f",{margin}{_INDENT}".join(arguments)
        return f"{head}({margin}{_INDENT}{lines},{margin})"
    return line


def sentence(name: str) -> str:
    """What a name says, for want of a description: `list_users` is "List users."."""
    words = name.replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}."


def toml(text: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but TOML wants one more character escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
