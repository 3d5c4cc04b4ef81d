"""The plain YAML that most specs are written in, read without a tree of nodes.

For PyYAML every word is an object with two places, which only mistakes need, and to make them takes three
quarters of the time of reading. So a file is read here first: block mappings and lists whose values stand
on one line. Whatever else YAML has, and whatever may be a mistake, is for PyYAML, which says what is wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from json import JSONDecoder, JSONEncoder
from typing import Any

from framework.scalars import STARTS, Scalar, meaning

_DEEPEST_COLUMN = 32
_MOST_BRACKETS = 8
"""Together less than collections may nest: a level of a block takes a column, one of a flow a bracket."""

_LONGEST_LINE = 1_000

_KEY = re.compile(r"\w[\w.-]*")
_LINE = re.compile(rf"( *)(- +)?(?:({_KEY.pattern}):(?: +|\Z))?(.*)")
_BEGINNING = re.compile(r"[\w/(+.~<$^]|-[\w.]")
"""What a text without quotes may begin with, so that it is nothing else."""

_QUOTED = re.compile(r""""[^"\\]*"|'[^']*'""")
_PLAIN_WORD = re.compile(rf"""(?:{_BEGINNING.pattern})[^\[\]{{}},:#?"\\]*""")
"""A word of a flow without quotes."""
_WORD = re.compile(rf"({_PLAIN_WORD.pattern}(?::(?=\ ))?|{_QUOTED.pattern})")
"""A word of a flow, and with it the colon behind a key."""
_COMMA = re.compile(r", (?![^\[]*\])")
"""What stands between the pairs of a mapping, not what stands in a list."""

_MARKS = frozenset("[]{}, ")
"""What may stand between the words of a flow; it means the same in JSON."""

_NOTHING: Any = object()
"""The value of a key that has none on its line."""

_Line = tuple[int, int, str, Any]
"""A line: the column where it begins, the width of a dash before it, a key if there is one, and a value.

The value is `_NOTHING`, a scalar, or what stands in brackets.
"""

_END: _Line = (-1, 0, "", _NOTHING)


class _NotPlain(ValueError):
    """The text has something that is read by PyYAML, or not at all."""


class _NotSimple(ValueError):
    """A flow holds more than words, or they are written in an uncommon way."""


def read_plain(text: str) -> dict[str, Any] | None:
    """The value of a text; None if it is not plain, which does not say that it is wrong.

    Nobody may change what is in it: where texts say the same in brackets, the values are one object.
    """
    try:
        block = _Block([*filter(None, map(_line, text.split("\n"))), _END])
        found = block.mapping(0)
    except ValueError:  # not plain, not JSON, not a number
        return None
    return found if found and block.is_at_end else None


@lru_cache(maxsize=4_096)  # specs say the same in many places
def _line(line: str) -> _Line | None:
    """What a line says, if anything. Raises ValueError."""
    if not line.isprintable():
        raise _NotPlain
    said = _without_comment(line) if "#" in line else line.rstrip(" ")
    if not said:
        return None
    if len(said) > _LONGEST_LINE or not (parts := _LINE.match(said)):
        raise _NotPlain
    indent, dash, key, content = parts.groups("")
    if len(indent) > _DEEPEST_COLUMN:
        raise _NotPlain
    if not content:
        return len(indent), len(dash), key, _NOTHING
    value = _flow(content) if content[0] in "{[" else _scalar(content)
    return len(indent), len(dash), key, value


def _without_comment(line: str) -> str:
    if line.lstrip(" ")[0] == "#":
        return ""
    if " #" in line and ('"' in line or "'" in line):
        raise _NotPlain
    return line.partition(" #")[0].rstrip(" ")


def _scalar(content: str) -> Scalar:
    if content[0] in "\"'":
        if not _QUOTED.fullmatch(content):
            raise _NotPlain
        return content[1:-1]
    if not _BEGINNING.match(content) or ": " in content or content[-1] == ":":
        raise _NotPlain
    return meaning(content) if content[0] in STARTS else content


@lru_cache(maxsize=4_096)  # lines that begin otherwise often end alike
def _flow(text: str) -> Any:
    """The value of a mapping or list in brackets."""
    try:
        return _simple_flow(text)
    except _NotSimple:
        return _nested_flow(text)


def _simple_flow(text: str) -> Any:
    """A list of words, a mapping of words and such lists, or a list of one mapping. Raises _NotSimple."""
    content = text[1:-1]
    match text[0], text[-1]:
        case "{", "}":
            return _unique([*map(_pair, _COMMA.split(content) if "[" in content else content.split(", "))])
        case "[", "]" if content[:1] == "{":
            return [_simple_flow(content)]
        case "[", "]":
            return [*map(_word, content.split(", "))]
        case _:
            raise _NotSimple


@lru_cache(maxsize=4_096)  # specs say few things of a kind
def _pair(text: str) -> tuple[str, Any]:
    """A key and its value. Raises _NotSimple."""
    key, _, value = text.partition(": ")
    if not _KEY.fullmatch(key):
        raise _NotSimple
    if value[:1] != "[":
        return key, _word(value)
    if value[-1] != "]":
        raise _NotSimple
    return key, [*map(_word, value[1:-1].split(", "))]


def _word(text: str) -> Scalar:
    """What a word means. Raises _NotSimple."""
    if _QUOTED.fullmatch(text):
        return text[1:-1]
    if not _PLAIN_WORD.fullmatch(text):
        raise _NotSimple
    word = text.rstrip(" ")
    return meaning(word) if word[0] in STARTS else word


def _nested_flow(text: str) -> Any:
    """The value of any flow: made JSON, in which only words are written otherwise."""
    if text.count("{") + text.count("[") > _MOST_BRACKETS:
        raise _NotPlain
    parts = _WORD.split(text)
    if not _MARKS.issuperset("".join(parts[::2])):
        raise _NotPlain
    parts[1::2] = map(_in_json, parts[1::2])
    return _DECODER.decode("".join(parts))


@lru_cache(maxsize=4_096)  # specs have few words
def _in_json(word: str) -> str:
    """A word of a flow as JSON has it, a key with its colon."""
    if word[0] in "\"'":
        return _ENCODER.encode(word[1:-1])
    if word[-1] == ":":
        return f"{_ENCODER.encode(word[:-1].rstrip(' '))}:"
    return _ENCODER.encode(meaning(word.rstrip(" ")))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotPlain
    return found


_DECODER = JSONDecoder(object_pairs_hook=_unique)
_ENCODER = JSONEncoder(ensure_ascii=False)


class _Block:
    """Reads lines as the mappings and lists that their columns make of them."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._next = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all lines were read."""
        return self._lines[self._next] is _END

    def mapping(self, column: int) -> dict[str, Any]:
        """The mapping whose keys begin at a column."""
        found: dict[str, Any] = {}
        while True:
            begins, dash, key, value = self._lines[self._next]
            if begins != column or dash or not key:
                return found
            if key in found:
                raise _NotPlain
            self._next += 1
            found[key] = self._below(column) if value is _NOTHING else value

    def _below(self, column: int) -> Any:
        """What stands on the lines after a key that begins at `column`."""
        begins, dash, key, _ = self._lines[self._next]
        if dash and begins >= column:
            return self._list(begins)
        return self.mapping(begins) if key and begins > column else None

    def _list(self, column: int) -> list[Any]:
        found: list[Any] = []
        while True:
            begins, dash, key, value = self._lines[self._next]
            if begins != column or not dash:
                return found
            if key:  # a mapping that begins beside the dash
                self._lines[self._next] = (begins + dash, 0, key, value)
                found.append(self.mapping(begins + dash))
            else:
                self._next += 1
                found.append(value)
