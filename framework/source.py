"""Specs as texts with places: where a value stands, and the line that shows it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from framework.diagnostics import Place
from framework.excerpts import Text
from framework.gaps import Gaps, Loc

if TYPE_CHECKING:
    from framework.tree import Tree


class Source(Text):
    """The text of one spec; `gaps` are the parts of it that were taken out because of mistakes."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(path, text)
        self.gaps = Gaps()

    @cached_property
    def tree(self) -> Tree:
        """The nodes of the text, without what was taken out; made where a place is asked for."""
        from framework.tree import Tree  # loads PyYAML, which most files do without

        return Tree(self)

    def forget(self) -> None:
        """Let go of the tree, which takes a hundred times the room of the text; made again if needed."""
        self.__dict__.pop("tree", None)

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """The place of the deepest value on `loc` that exists; with `key`, of the key that leads to it."""
        return self.tree.place(loc, key=key)

    def place_within(self, *loc: str | int, start: int, end: int) -> Place:
        """The place of some characters of a scalar, as far as the scalar stands on one line as it is."""
        return self.tree.place_within(loc, start, end)

    def find(self, loc: Loc) -> Loc:
        """The part of `loc` that the file has; what Pydantic alone puts into it is passed over."""
        return self.tree.find(loc)[2]


class Spot:
    """A point of a spec that something can be said about; its place is worked out only when it is.

    A plain class, for there is one for every entry of every spec, and a named tuple takes twice as long.
    """

    __slots__ = ("loc", "source")

    def __init__(self, source: Source, loc: Loc = ()) -> None:
        self.source = source
        self.loc = loc

    def __truediv__(self, part: str | int) -> Spot:
        return Spot(self.source, (*self.loc, part))

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
