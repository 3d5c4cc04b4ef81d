"""Texts with places: the line that shows a character, cut to what a terminal has room for."""

from __future__ import annotations

import re
from functools import cached_property

from framework.diagnostics import Place

CONFLICT = "<" * 7
"""What the line begins with where git has put both versions of what two branches have changed."""

UNMERGED = f"keep what is right of both sides, and remove the lines {CONFLICT}, {'=' * 7} and {'>' * 7}"
"""What to do about a conflict."""

_EXCERPT_WIDTH = 160
# Compiled where there is a mistake to show, and not before.
_LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
_UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


class Text:
    """The text of a file and the places in it. `path` is relative to the project, with slashes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _lines(self) -> list[str]:
        return re.split(_LINE_BREAK, self.text)

    @property
    def file(self) -> Place:
        """The file as a whole."""
        return Place(self.path)

    def at(self, line: int, column: int, width: int) -> Place:
        """A place by numbers that count from 0, with the excerpt cut around it."""
        text = self.line(line)
        column = min(column, len(text))
        start = max(0, column - _EXCERPT_WIDTH // 2) if len(text) > _EXCERPT_WIDTH else 0
        excerpt = re.sub(_UNPRINTABLE, " ", text[start : start + _EXCERPT_WIDTH])
        indent = column - start
        width = max(1, min(width, len(excerpt) - indent))
        return Place(self.path, line + 1, column + 1, width, excerpt, indent)

    def at_position(self, position: int) -> Place:
        """The place of one character of the text."""
        before = re.split(_LINE_BREAK, self.text[:position])
        return self.at(len(before) - 1, len(before[-1]), 1)

    def line(self, number: int) -> str:
        """A line by its number, counted from 0; empty behind the last one."""
        return self._lines[number] if number < len(self._lines) else ""
