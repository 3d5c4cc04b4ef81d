"""Tables and lengths of time for a terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Final

_GAP: Final = "  "
_NARROWEST: Final = 20
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows below their titles; numbers to the right, the last column cut where the terminal ends."""
    columns = list(zip(titles, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    is_number = [bool(rows) and all(cell.isdecimal() for cell in column[1:]) for column in columns]
    lines = [
        _GAP.join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in (titles, *rows)
    ]
    return "\n".join(map(_cut, lines))


def _cut(line: str) -> str:
    if not sys.stdout.isatty():
        return line
    width = max(_NARROWEST, shutil.get_terminal_size().columns)
    return line if len(line) <= width else line[: width - 1] + "…"


def one_line(text: str) -> str:
    """The text without line breaks, nor anything else that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))


def plain(text: str) -> str:
    """The text with its line breaks, but nothing else that a terminal would obey."""
    return "\n".join(
        "".join(char if char.isprintable() else "�" for char in line.expandtabs(4))
        for line in text.splitlines()
    )


def age(moment: datetime, now: datetime) -> str:
    """How long ago it was, in its largest unit: `12 s`, `5 min`, `2 h`, `3 d`."""
    seconds = max(0, int((now - moment).total_seconds()))
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return "0 s"


def counted(count: int, one: str, many: str) -> str:
    """`1 dead letter`, `12 dead letters`."""
    return f"{count} {one if count == 1 else many}"
