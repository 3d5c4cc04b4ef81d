"""Colours of a terminal, and whether a stream is to have them."""

from __future__ import annotations

import os
from typing import NamedTuple, TextIO

from framework.catalogue import Severity


class Palette(NamedTuple):
    """What begins and ends each kind of text."""

    error: str = ""
    warning: str = ""
    note: str = ""
    place: str = ""
    frame: str = ""
    end: str = ""

    def severity(self, text: str, severity: Severity) -> str:
        """A text in the colour of its severity."""
        begin = {Severity.ERROR: self.error, Severity.WARNING: self.warning, Severity.NOTE: self.note}
        return f"{begin[severity]}{text}{self.end}"


PLAIN = Palette()
COLOURED = Palette(
    error="\033[1;31m",
    warning="\033[1;33m",
    note="\033[1;36m",
    place="\033[1m",
    frame="\033[34m",
    end="\033[0m",
)


def palette_for(stream: TextIO) -> Palette:
    """Colours if the stream is a terminal, unless NO_COLOR, FORCE_COLOR or TERM=dumb say otherwise."""
    if os.environ.get("NO_COLOR"):
        return PLAIN
    if os.environ.get("FORCE_COLOR"):
        return COLOURED
    return COLOURED if stream.isatty() and os.environ.get("TERM") != "dumb" else PLAIN
