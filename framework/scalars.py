"""Scalars of YAML 1.2: what a text without quotes means. `no` and `12:30:00` are texts."""

from __future__ import annotations

import math
import re

_INT = re.compile(r"(?:(?P<octal>0o[0-7]+)|(?P<hexadecimal>0x[0-9a-fA-F]+)|(?P<decimal>[-+]?[0-9]+))\Z")
_BASES = {"octal": 8, "hexadecimal": 16, "decimal": 10}
_MAX_DIGITS = 400
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
STARTS = frozenset("0123456789+-.") | {word[:1] for word in _WORDS}
"""What everything but a text begins with; a text that begins otherwise need not be looked at."""

Scalar = str | int | float | bool | None


class NumberError(ValueError):
    """A number that JSON or Python cannot hold; the message says why."""


def meaning(text: str) -> Scalar:
    """What a text without quotes means. Raises NumberError."""
    if text in _WORDS:
        return _WORDS[text]
    if whole := _INT.match(text):
        # Python refuses to convert decimal integers of more than 4300 digits.
        if len(text) > _MAX_DIGITS:
            raise NumberError(f"a number has at most {_MAX_DIGITS} digits")
        return int(text, _BASES[whole.lastgroup or ""])
    if _FLOAT.match(text):
        number = float(text)
        if math.isfinite(number):
            return number
        raise NumberError("no floating-point number is as large as this")
    if _NOT_FINITE.match(text):
        raise NumberError("JSON has no infinity and no NaN")
    return text
