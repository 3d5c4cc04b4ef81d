"""YAML whole: texts composed into trees of nodes, told what is wrong with them, and turned into values.

The values are those of YAML 1.2. Anchors, aliases, tags and duplicate keys are refused: a spec says what it
says at the place where it says it.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from framework.diagnostics import Diagnostics, Place
from framework.excerpts import CONFLICT, UNMERGED
from framework.gaps import Loc
from framework.scalars import STARTS, NumberError, meaning
from framework.source import Source, short
from framework.tree import Tree

MAX_DEPTH = 48
"""How deep collections may stand in each other."""

# libyaml's composer recurses on the C stack and overflows it somewhere beyond this many levels.
_SAFE_DEPTH = 5_000

_COMPACT_NESTING = re.compile(r"^[ \t?:-]*", re.MULTILINE)


def compose(source: Source, diagnostics: Diagnostics) -> Tree | None:
    """Build the tree of nodes of a text; None, with a diagnostic, if it is not YAML."""
    try:
        if _is_perilous(source.text) and _is_too_deep(source.text):
            diagnostics.add("too-deep", source.file, f"collections nest deeper than {MAX_DEPTH}")
            return None
        return source.tree
    except yaml.MarkedYAMLError as error:
        if _tell_conflicts(source, diagnostics):
            return None
        _explain_syntax(source, error, diagnostics)
    except (yaml.YAMLError, ValueError) as error:
        _explain_character(source, error, diagnostics)
    return None


def _is_perilous(text: str) -> bool:
    # Each level takes one of these, and to count them takes a tenth of the time.
    if sum(map(text.count, "[{-?:")) <= _SAFE_DEPTH:
        return False
    compact = max((len(run) for run in _COMPACT_NESTING.findall(text)), default=0)
    return text.count("[") + text.count("{") + compact > _SAFE_DEPTH


def _is_too_deep(text: str) -> bool:
    depth = 0
    for event in yaml.parse(text, yaml.CBaseLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return True
    return False


_QUOTE = "quote a text that has ': ', ',' or brackets in it"

_SECOND_VALUE = "mapping values are not allowed"
_TAB = ("a tab in the indentation", "YAML forbids tabs there: use spaces")

_SYNTAX = (
    ("found a tab character that violates indentation", *_TAB),
    (_SECOND_VALUE, "a second ': ' in one value", "quote a text that has ': ' in it"),
    ("expected ',' or '}'", "expected ',' or '}'", f"close the brace, or {_QUOTE}"),
    ("expected ',' or ']'", "expected ',' or ']'", f"close the bracket, or {_QUOTE}"),
    ("could not find expected ':'", "expected ': ' after a key", "a key is followed by ': '"),
    ("did not find expected key", "expected a key", "keys of one mapping begin in one column"),
    ("did not find expected '-' indicator", "expected '- '", "items of one list begin in one column"),
    ("found unexpected end of stream", "a quote is never closed", "close it, or double it inside the text"),
    ("found another document", "a second document begins here", "a spec is one document: remove the '---'"),
    ("did not find expected node content", "expected a value", "close the bracket or brace before it"),
    ("found undefined alias", "aliases are not used in specs", "quote a text that begins with '*'"),
    ("scanning an alias", "aliases are not used in specs", "quote a text that begins with '*'"),
    ("invalid Unicode character escape", "the escape is no character", "write the character itself"),
    (
        "found unknown escape",
        "there is no such escape",
        "write two backslashes, or quote it singly",
    ),
)
"""What libyaml says of a slip, in its own words in part, in plain ones, and with the cure."""

_UNREADABLE = "found character that cannot start any token"


def _explain_character(source: Source, error: Exception, diagnostics: Diagnostics) -> None:
    """A character that YAML forbids: the reader knows its position in the text, not its line."""
    position = getattr(error, "position", None)
    place = source.at_position(position) if isinstance(position, int) else source.file
    diagnostics.add("yaml-syntax", place, str(error).split("\n")[0])


_CONFLICT = re.compile(rf"^{CONFLICT}(?: .*)?$", re.MULTILINE)


def _tell_conflicts(source: Source, diagnostics: Diagnostics) -> bool:
    """Tell of merges that nobody has finished; False if there are none."""
    conflicts = [match.span() for match in _CONFLICT.finditer(source.text)]
    for start, end in conflicts:
        place = source.at_position(start)._replace(width=end - start)
        diagnostics.add("yaml-syntax", place, "a conflict of a merge", hint=UNMERGED)
    return bool(conflicts)


_LONE_KEY = re.compile(r"\s+([\w.-]+)")


def _tell_indentation(source: Source, mark: yaml.Mark, diagnostics: Diagnostics) -> bool:
    """Tell of a key that is indented deeper than the one above, so that it goes on with its value."""
    key = _LONE_KEY.fullmatch(source.line(mark.line)[: mark.column])
    if key is None:
        return False
    place = source.at(mark.line, key.start(1), len(key[1]))
    message = "the line is indented deeper than the one above, which has a value already"
    diagnostics.add("yaml-syntax", place, message, hint="keys of one mapping begin in one column")
    return True


def _explain_syntax(source: Source, error: yaml.MarkedYAMLError, diagnostics: Diagnostics) -> None:
    mark = error.problem_mark or error.context_mark
    if mark and _SECOND_VALUE in str(error.problem) and _tell_indentation(source, mark, diagnostics):
        return
    place = source.at(mark.line, mark.column, 1) if mark else source.file
    said = " ".join(filter(None, (error.context, error.problem))) or "this is not YAML"
    problem, hint = _plain(said, _character(source, mark) if mark else "")
    if mark and (text := _unquoted(source.line(mark.line), mark.column)):
        hint = f'quote it: "{text}"'
    code = "yaml-feature" if "alias" in said or "duplicate anchor" in said else "yaml-syntax"
    context = error.context_mark
    begun = source.at(context.line, context.column, 1) if context and mark is not context else None
    related = begun if begun and begun.line not in {0, place.line} else None
    diagnostics.add(code, place, problem, hint=hint, related=related, note="what began here")


_BRACKETED = re.compile(
    r"""[^\s,:'"\[\]{}]+(?:(?:\[(?:[^\[\]{}'"]|\[[^\[\]{}'"]*\])*\]|\{[^\[\]{}'"]*\})[^\s,'"\[\]{}]*)+"""
)
"""A type such as list[int] or a path such as /{id}: among braces YAML takes its brackets for its own."""


_NEAR = 200
"""How far around a bracket its text is looked for, in characters."""


def _unquoted(line: str, column: int) -> str:
    """The text of which the bracket at `column` is a part, if that bracket is what YAML stumbled over."""
    if line[column : column + 1] not in {"[", "{"}:
        return ""
    # Only what is near: a file may be one line of megabytes.
    start = max(0, column - _NEAR)
    found = _BRACKETED.finditer(line[start : column + _NEAR])
    return next((match[0] for match in found if match.start() < column - start < match.end()), "")


def _plain(said: str, character: str) -> tuple[str, str]:
    """What libyaml has said of a character, in plain words, and the cure."""
    if _UNREADABLE in said and character == "\t":
        return _TAB
    if _UNREADABLE in said:
        return f"no text begins with {character!r}", "quote it"
    found = ((message, hint) for part, message, hint in _SYNTAX if part in said)
    return next(found, (said, ""))


def value(source: Source, tree: Tree, diagnostics: Diagnostics) -> Any:
    """The plain value of a file: dictionaries, lists and YAML 1.2 scalars.

    What may not be in a spec is told to `diagnostics`, taken out of the tree and noted in the file's gaps.
    """
    if tree.root is None:
        return None
    converter = _Converter(source, tree, diagnostics)
    converted = converter.convert(tree.root, 0)
    if converter.holed:
        _note_gaps(source, tree, converter.holed)
    return None if converted is _REFUSED else converted


def _character(source: Source, mark: yaml.Mark) -> str:
    """The character that stands at a mark."""
    return source.line(mark.line)[mark.column : mark.column + 1]


_REFUSED: Any = object()


def _note_gaps(source: Source, tree: Tree, holed: dict[int, list[str]]) -> None:
    """Find where the collections are from which something was taken: known by identity until now."""
    found: list[tuple[Loc, yaml.Node | None]] = [((), tree.root)]
    while found:
        loc, node = found.pop()
        for key in holed.get(id(node), ()):
            source.gaps.note((*loc, key))
        if isinstance(node, yaml.MappingNode):
            found += (((*loc, key.value), item) for key, item in node.value)
        elif isinstance(node, yaml.SequenceNode):
            if id(node) in holed:
                source.gaps.note(loc)
            found += (((*loc, index), item) for index, item in enumerate(node.value))


class _Converter:
    """Turns nodes into values, once over the tree.

    `holed` are the collections from which something was taken, by the identity of their nodes, and the keys.
    """

    def __init__(self, source: Source, tree: Tree, diagnostics: Diagnostics) -> None:
        self._source = source
        self._tree = tree
        self._diagnostics = diagnostics
        self._may_have_properties = "&" in source.text or "!" in source.text
        self.holed: dict[int, list[str]] = {}

    def convert(self, node: yaml.Node, depth: int) -> Any:
        # Refused before its content is looked at: an alias gives the same node again, so that descending
        # into aliased nodes would take time exponential in the size of the file.
        if self._may_have_properties and self._has_property(node):
            return self._refuse("yaml-feature", node, "anchors, aliases and tags are not used in specs")
        if isinstance(node, yaml.ScalarNode):
            text: str = node.value
            return text if node.style or text[:1] not in STARTS else self._plain(node, text)
        if depth >= MAX_DEPTH:
            return self._refuse("too-deep", node, f"collections nest deeper than {MAX_DEPTH}")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return self._list(node, depth)

    def _has_property(self, node: yaml.Node) -> bool:
        # A node with an anchor or a tag begins at it; no plain scalar can begin with these characters.
        return _character(self._source, node.start_mark) in {"&", "!"}

    def _list(self, node: yaml.Node, depth: int) -> list[Any]:
        found = [self.convert(item, depth + 1) for item in node.value]
        if any(item is _REFUSED for item in found):
            self.holed[id(node)] = []
            node.value = [
                item for item, plain in zip(node.value, found, strict=True) if plain is not _REFUSED
            ]
            return [plain for plain in found if plain is not _REFUSED]
        return found

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        keys: dict[str, yaml.Node] = {}
        lost: list[str] = []
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse("bad-key", key, "a key is a plain word")
                lost.append("")
            elif (name := key.value) in keys:
                first = self._tree.place_of(keys[name])
                self._refuse("duplicate-key", key, f"the key {short(name)} stands here twice", first)
            else:
                keys[name] = key
                if (plain := self.convert(item, depth + 1)) is _REFUSED:
                    lost.append(name)
                else:
                    found[name] = plain
        if len(found) < len(node.value):
            kept = {id(keys[key]) for key in found}
            node.value = [pair for pair in node.value if id(pair[0]) in kept]
            self.holed[id(node)] = lost
        return found

    def _plain(self, node: yaml.ScalarNode, text: str) -> Any:
        """What a text without quotes means that begins like a number or a word of YAML."""
        try:
            return meaning(text)
        except NumberError as error:
            return self._refuse("bad-number", node, str(error))

    def _refuse(self, code: str, node: yaml.Node, message: str, related: Place | None = None) -> Any:
        self._diagnostics.add(code, self._tree.place_of(node), message, related=related)
        return _REFUSED
