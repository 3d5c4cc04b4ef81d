"""Showing a client what it sent: any value, cut down to what an answer can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

_LONGEST: Final = 200
"""Characters of a text."""
_MOST: Final = 10
"""Members of a list or an object."""
_DEEPEST: Final = 3


def echo(value: Any, depth: int = 0) -> Any:
    """`value` as JSON can hold it: what is long is cut, what JSON has no form for is put in words."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else _cut(_digits(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, bytes):
        return _cut(value.decode(errors="replace"))
    if depth == _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {_cut(str(name)): echo(item, depth + 1) for name, item in list(value.items())[:_MOST]}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [echo(item, depth + 1) for item in list(value)[:_MOST]]
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # Python refuses to write out more than 4300 digits
        return f"an integer of {number.bit_length()} bits"
