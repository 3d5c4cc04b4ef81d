"""One log for many processes: each line stands after a name, which has its own colour on a terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

OURS = "dev"
"""The name that our own words stand behind."""

COLOURS = ("36", "33", "35", "32", "34", "96", "93", "95", "92", "94")  # SGR: all but red, black and white
BOLD = "1"


class Console:
    """Writes whole lines, so that those of two processes never mix within one."""

    def __init__(self, names: Sequence[str], stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._width = max(len(name) for name in (OURS, *names))
        self._colours: Mapping[str, str] = {}
        if self._stream.isatty() and not os.environ.get("NO_COLOR"):
            given = zip(names, COLOURS * len(names), strict=False)
            self._colours = {OURS: BOLD, **dict(given)}

    def tell(self, words: str) -> None:
        """Say something ourselves; it may have several lines."""
        for line in words.splitlines():
            self.line(OURS, line)

    def line(self, name: str, text: str) -> None:
        """Write one line of the process `name`."""
        label = f"{name:<{self._width}} |"
        if name in self._colours:
            label = f"\x1b[{self._colours[name]}m{label}\x1b[0m"
        try:
            self._stream.write(f"{label} {text}".rstrip() + "\n")
            self._stream.flush()
        except OSError:
            self._give_up()

    def _give_up(self) -> None:
        """Stop, since whoever read our words has gone; nothing can be written any more."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        signal.raise_signal(signal.SIGTERM)
