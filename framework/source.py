"""Specs as texts with places: where a value stands, and the line that shows it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from framework.diagnostics import Place
from framework.gaps import Gaps, Loc

if TYPE_CHECKING:
    from framework.tree import Tree

_EXCERPT_WIDTH = 160
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Source:
    """The text of one spec and the places in it. `path` is relative to the project, with slashes.

    `gaps` are the parts of the file that were taken out because of mistakes.
    """

    path: str
    text: str
    gaps: Gaps = field(default_factory=Gaps, repr=False, compare=False)

    @cached_property
    def tree(self) -> Tree:
        """The nodes of the text, without what was taken out; made where a place is asked for."""
        from framework.tree import Tree  # loads PyYAML, which most files do without

        return Tree(self)

    def forget(self) -> None:
        """Let go of the tree, which takes a hundred times the room of the text; made again if needed."""
        self.__dict__.pop("tree", None)

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_BREAK.split(self.text)

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """The place of the deepest value on `loc` that exists; with `key`, of the key that leads to it."""
        return self.tree.place(loc, key=key)

    def place_within(self, *loc: str | int, start: int, end: int) -> Place:
        """The place of some characters of a scalar, as far as the scalar stands on one line as it is."""
        return self.tree.place_within(loc, start, end)

    def find(self, loc: Loc) -> Loc:
        """The part of `loc` that the file has; what Pydantic alone puts into it is passed over."""
        return self.tree.find(loc)[2]

    @property
    def file(self) -> Place:
        """The file as a whole."""
        return Place(self.path)

    def at(self, line: int, column: int, width: int) -> Place:
        """A place by numbers that count from 0, with the excerpt cut around it."""
        text = self.line(line)
        column = min(column, len(text))
        start = max(0, column - _EXCERPT_WIDTH // 2) if len(text) > _EXCERPT_WIDTH else 0
        excerpt = _UNPRINTABLE.sub(" ", text[start : start + _EXCERPT_WIDTH])
        indent = column - start
        width = max(1, min(width, len(excerpt) - indent))
        return Place(self.path, line + 1, column + 1, width, excerpt, indent)

    def at_position(self, position: int) -> Place:
        """The place of one character of the text."""
        before = _LINE_BREAK.split(self.text[:position])
        return self.at(len(before) - 1, len(before[-1]), 1)

    def line(self, number: int) -> str:
        """A line by its number, counted from 0; empty behind the last one."""
        return self._lines[number] if number < len(self._lines) else ""


class Spot(NamedTuple):
    """A point of a spec that something can be said about; its place is worked out only when it is.

    A tuple, for there is one for every entry of every spec, and a frozen dataclass takes three times as long.
    """

    source: Source
    loc: Loc = ()

    def __truediv__(self, part: str | int) -> Spot:
        return tuple.__new__(Spot, (self.source, (*self.loc, part)))

    @property
    def place(self) -> Place:
        """The place of the value."""
        return self.source.place(*self.loc)

    @property
    def key(self) -> Place:
        """The place of the key before the value."""
        return self.source.place(*self.loc, key=True)

    @property
    def is_there(self) -> bool:
        """Whether the file says anything here."""
        return self.source.find(self.loc) == self.loc

    @property
    def parent(self) -> Spot:
        """What the value is a part of."""
        return Spot(self.source, self.loc[:-1])

    @property
    def is_whole(self) -> bool:
        """Whether everything that stands here could be read."""
        return not self.source.gaps.touch(self.loc)

    def may_have(self, key: str) -> bool:
        """Whether `key` stands here, or was meant to, and it or a part of it could not be read."""
        gaps = self.source.gaps
        return bool(gaps.lost) and gaps.touch((*self.loc, key))

    def within(self, start: int, end: int) -> Place:
        """The place of some characters of the value."""
        return self.source.place_within(*self.loc, start=start, end=end)


def short(value: object) -> str:
    """A value as a message shows it, cut when it is long."""
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
