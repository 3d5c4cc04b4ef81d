"""Specs as trees of nodes that know their places, as PyYAML composes them.

Only what tells mistakes needs one, so that most files never have one: see `framework.plain_yaml`.
"""

from __future__ import annotations

from collections.abc import Collection

import yaml

from framework.diagnostics import Place
from framework.excerpts import Text
from framework.gaps import Loc


class Loader(yaml.CBaseLoader):
    """Composes nodes without tags, which nobody asks for and which take a third of the time."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        """No tag."""
        return ""

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        """Nothing to do on the way down."""

    def ascend_resolver(self) -> None:
        """Nothing to do on the way up."""


class Tree:
    """The nodes of a text; `root` is None if the file says nothing.

    To make one raises yaml.YAMLError for what is no YAML, and ValueError for what is no Unicode.
    """

    def __init__(self, text: Text) -> None:
        self.root: yaml.Node | None = yaml.compose(text.text, Loader)
        self._text = text
        self._entries: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = {}

    def place(self, loc: Loc, *, key: bool) -> Place:
        """The place of the deepest node on `loc` that exists; with `key`, of the key that leads to it."""
        leading, node, _ = self.find(loc)
        told = leading if key or isinstance(node, yaml.CollectionNode) else node
        return self.place_of(told) if told else self._text.file

    def place_within(self, loc: Loc, start: int, end: int) -> Place:
        """The place of some characters of a scalar, as far as the scalar stands on one line as it is."""
        _, node, _ = self.find(loc)
        if not isinstance(node, yaml.ScalarNode) or node.style in {"|", ">"}:
            return self.place(loc, key=False)
        mark = node.start_mark
        quote = 1 if node.style else 0
        written = self._text.line(mark.line)[mark.column + quote :]
        if not written.startswith(node.value):
            return self.place(loc, key=False)
        return self._text.at(mark.line, mark.column + quote + start, end - start)

    def place_of(self, node: yaml.Node) -> Place:
        """The place of a node."""
        if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
            return self.place_of(node.value[0][0])
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.CollectionNode):
            # Told by its first character, lest the carets underline half a file.
            return self._text.at(start.line, start.column, 1)
        last = end.column if start.line == end.line else len(self._text.line(start.line))
        return self._text.at(start.line, start.column, last - start.column)

    def find(self, loc: Loc) -> tuple[yaml.Node | None, yaml.Node | None, Loc]:
        """The key before the node at `loc`, that node, and the part of `loc` that the file has.

        An item of a list is its own key. Parts that are not in the file, such as the names that Pydantic
        gives to branches, are passed over.
        """
        key = node = self.root
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
