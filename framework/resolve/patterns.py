"""Patterns of texts, by the engine that will validate: it is Rust's, which Pydantic brings.

It takes long to import. So patterns that mean the same everywhere, as most do, are told by their look.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

_LONGEST_PLAIN = 100
_MOST_TIMES = 200
"""Together far less than what Rust's engine refuses for its size."""

_LONGEST_TEXT = 100
_MOST_CHOICES = 3
"""Python's engine tries all ways to match, Rust's none twice: so few that the longest text takes no time."""

_CLASS = r"\[(?:A-Z|a-z|0-9|A-F|a-f|[\w .@/:+])+-?\]"
_ONE = rf"(?:[A-Za-z0-9_ @/:.-]|\\[dws.+*?/-]|{_CLASS})"
_OFTEN = r"(?:[+*?]|\{[0-9]{1,2}(?:,(?:[0-9]{1,2})?)?\})"
_SEQUENCE = rf"(?:{_ONE}{_OFTEN}?)*"
_GROUP = rf"\((?:\?:)?{_SEQUENCE}(?:\|{_SEQUENCE})*\)[+*?]?"
# Compiled where a spec has a pattern, and not before.
_PLAIN = rf"(?a:\^?(?:{_ONE}{_OFTEN}?|{_GROUP})*\$?)"
_TIMES = r"\{([0-9]+),?([0-9]*)\}"


def problem(pattern: str) -> str | None:
    """Why a pattern does not compile; None if it does."""
    if _is_plain(pattern):
        return None
    from pydantic_core import SchemaError

    try:
        _engine(pattern)
    except SchemaError as error:
        return str(error).strip().splitlines()[-1].strip().removeprefix("error: ")
    return None


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern, which compiles, is found in a text."""
    if _is_plain(pattern) and _is_quick(pattern, text) and text.isascii() and text.isprintable():
        return re.search(pattern, text) is not None
    return _engine(pattern).isinstance_python(text)


@lru_cache(maxsize=1024)
def _engine(pattern: str) -> SchemaValidator:
    from pydantic_core import SchemaValidator, core_schema

    # Rust's engine knows no look-around and no back-references.
    return SchemaValidator(core_schema.str_schema(pattern=pattern))


@lru_cache(maxsize=1024)
def _is_plain(pattern: str) -> bool:
    """Whether a pattern compiles and means the same in Python and in Rust, as long as texts are ASCII."""
    if len(pattern) > _LONGEST_PLAIN or not re.fullmatch(_PLAIN, pattern):
        return False
    times = [(int(least), int(most or least)) for least, most in re.findall(_TIMES, pattern)]
    return all(least <= most for least, most in times) and sum(most for _, most in times) <= _MOST_TIMES


def _is_quick(pattern: str, text: str) -> bool:
    """Whether there are few ways only in which a plain pattern may match a text."""
    choices = sum(map(pattern.count, "+*?{|"))
    return choices <= _MOST_CHOICES and len(text) <= _LONGEST_TEXT and not re.search(r"\)[+*?]", pattern)
