"""Specs as texts with places: where a value stands, and the line that shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import yaml

from framework.diagnostics import Place
from framework.gaps import Gaps, Loc

_EXCERPT_WIDTH = 160
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Loader(yaml.CBaseLoader):
    """Composes nodes without tags, which nobody asks for and which take a third of the time."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        """No tag."""
        return ""

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        """Nothing to do on the way down."""

    def ascend_resolver(self) -> None:
        """Nothing to do on the way up."""


@dataclass(frozen=True)
class Source:
    """The text of one spec and the places in it. `path` is relative to the project, with slashes.

    `gaps` are the parts of the file that were taken out of the tree below `root` because of mistakes.
    """

    path: str
    text: str
    root: yaml.Node | None = field(default=None, repr=False, compare=False)
    gaps: Gaps = field(default_factory=Gaps, repr=False, compare=False)
    _is_forgotten: bool = field(default=False, init=False, repr=False, compare=False)
    _entries: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def forget(self) -> None:
        """Let go of the tree, which takes a hundred times the room of the text; read again if needed."""
        object.__setattr__(self, "root", None)
        object.__setattr__(self, "_is_forgotten", True)

    @cached_property
    def _tree(self) -> yaml.Node | None:
        return yaml.compose(self.text, Loader) if self._is_forgotten else self.root

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_BREAK.split(self.text)

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """The place of the deepest node on `loc` that exists; with `key`, of the key that leads to it."""
        leading, node, _ = self.find(loc)
        told = leading if key or isinstance(node, yaml.CollectionNode) else node
        return self.place_of(told) if told else self.file

    def place_within(self, *loc: str | int, start: int, end: int) -> Place:
        """The place of some characters of a scalar, as far as the scalar stands on one line as it is."""
        _, node, _ = self.find(loc)
        if not isinstance(node, yaml.ScalarNode) or node.style in {"|", ">"}:
            return self.place(*loc)
        mark = node.start_mark
        quote = 1 if node.style else 0
        written = self.line(mark.line)[mark.column + quote :]
        if not written.startswith(node.value):
            return self.place(*loc)
        return self.at(mark.line, mark.column + quote + start, end - start)

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

    def find(self, loc: Loc) -> tuple[yaml.Node | None, yaml.Node | None, Loc]:
        """The key before the node at `loc`, that node, and the part of `loc` that the file has.

        An item of a list is its own key. Parts that are not in the file, such as the names that Pydantic
        gives to branches, are passed over.
        """
        key = node = self._tree
        found: list[str | int] = []
        for part in loc:
            if step := self._step(node, part):
                key, node = step
                found.append(part)
        return key, node, tuple(found)

    def _step(self, node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
        if isinstance(node, yaml.MappingNode):
            return self._entries_of(node).get(str(part))
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            return node.value[part], node.value[part]
        return None

    def _entries_of(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if id(node) not in self._entries:
            pairs = ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
            self._entries[id(node)] = {key.value: (key, value) for key, value in pairs}
        return self._entries[id(node)]

    def remove(self, loc: Loc, parts: Collection[str | int]) -> None:
        """Take some of what the collection at `loc` holds out of the tree."""
        node = self.find(loc)[1]
        if isinstance(node, yaml.MappingNode):
            node.value = [pair for pair in node.value if pair[0].value not in parts]
            self._entries.pop(id(node), None)
        elif isinstance(node, yaml.SequenceNode):
            node.value = [item for index, item in enumerate(node.value) if index not in parts]

    def line(self, number: int) -> str:
        """A line by its number, counted from 0; empty behind the last one."""
        return self._lines[number] if number < len(self._lines) else ""

    def character(self, mark: yaml.Mark) -> str:
        """The character that stands at a mark."""
        return self.line(mark.line)[mark.column : mark.column + 1]

    def place_of(self, node: yaml.Node) -> Place:
        """The place of a node of this file."""
        if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
            return self.place_of(node.value[0][0])
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.CollectionNode):
            # Told by its first character, lest the carets underline half a file.
            return self.at(start.line, start.column, 1)
        last = end.column if start.line == end.line else len(self.line(start.line))
        return self.at(start.line, start.column, last - start.column)


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
        return self.source.find(self.loc)[2] == self.loc

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
