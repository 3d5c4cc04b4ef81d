"""How many columns a text takes, on a terminal or in an editor."""

from __future__ import annotations

import unicodedata

_NO_COLUMN = frozenset({"Mn", "Me", "Cf"})
_TWO_COLUMNS = frozenset({"W", "F"})
_SOFT_HYPHEN = "\u00ad"
_JOINING_JAMO = range(0x1160, 0x1200)
"""Vowels and final consonants of Korean, which are drawn into the syllable that they follow."""


def columns(text: str) -> int:
    """The columns of a printable text: none for combining characters, two for wide ones."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if character == _SOFT_HYPHEN:
        return 1
    if unicodedata.category(character) in _NO_COLUMN or ord(character) in _JOINING_JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _TWO_COLUMNS else 1
