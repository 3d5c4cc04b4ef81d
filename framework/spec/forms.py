"""How texts and lengths of time are written, for the models and for `framework.plain_spec`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

_CONTROL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
"""Compiled where a text may have one, and not before."""

_UNITS: Final[Mapping[str, timedelta]] = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
DURATION: Final = r"([1-9][0-9]{0,8})(ms|s|m|h|d)"

LONGEST: Final = timedelta(days=3_650)
"""The longest duration."""

LONGEST_DELAY: Final = timedelta(days=1)
SHORTEST_DISTANCE: Final = timedelta(seconds=1)
"""The least time from one run of a schedule to the next."""


def has_controls(text: str) -> bool:
    """Whether a text has control characters, other than tabs and line breaks."""
    # Few texts have even a line break, and a search takes three times as long as to see that.
    return not text.isprintable() and re.search(_CONTROL, text) is not None


def duration(text: str) -> timedelta | None:
    """The length of time that is written like `5m`; None if it is not written so."""
    match = re.fullmatch(DURATION, text)
    return int(match[1]) * _UNITS[match[2]] if match else None
