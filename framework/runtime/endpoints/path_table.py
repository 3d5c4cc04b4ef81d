"""Finding a route by its path at a cost that does not grow with the number of routes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")

_VARIABLE: Final = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)\}")


def is_plain(path: str) -> bool:
    """Whether each segment of a route's path is either fixed or a parameter, and that of any text."""
    return all("{" not in segment or _VARIABLE.fullmatch(segment) for segment in path.split("/"))


class Entry(NamedTuple, Generic[T]):
    """A route: what stands for it, its place among the others, and which segments its parameters are."""

    order: int
    value: T
    parameters: tuple[tuple[str, int], ...]


class _Node(Generic[T]):
    """A segment; `first` is the place of the first route below it."""

    __slots__ = ("entry", "first", "fixed", "variable")

    def __init__(self, first: int) -> None:
        self.first = first
        self.fixed: dict[str, _Node[T]] = {}
        self.variable: _Node[T] | None = None
        self.entry: Entry[T] | None = None


class _Paths(Generic[T]):
    """The routes of one method."""

    def __init__(self) -> None:
        self.fixed: dict[str, Entry[T]] = {}
        self.root: _Node[T] = _Node(0)

    def add(self, path: str, order: int, value: T) -> None:
        segments = path.split("/")
        names = [_VARIABLE.fullmatch(segment) for segment in segments]
        parameters = tuple((name[1], index) for index, name in enumerate(names) if name)
        entry = Entry(order, value, parameters)
        if not parameters:
            if self.find(segments) is None:  # a route before it may have a parameter in its place
                self.fixed.setdefault(path, entry)
            return
        node = self.root
        for segment, name in zip(segments, names, strict=True):
            if name:
                child = node.variable = node.variable or _Node(order)
            else:
                child = node.fixed.setdefault(segment, _Node(order))
            node = child
        node.entry = node.entry or entry

    def find(self, segments: list[str]) -> Entry[T] | None:
        """The first route with parameters that matches."""
        return _find(self.root, segments, 0)


def _find(node: _Node[T], segments: list[str], index: int) -> Entry[T] | None:
    while index < len(segments):
        segment = segments[index]
        index += 1
        fixed, variable = node.fixed.get(segment), node.variable
        if variable is None or not segment:
            if fixed is None:
                return None
            node = fixed
        elif fixed is None:
            node = variable
        else:
            return _first(_find(fixed, segments, index), variable, segments, index)
    return node.entry


def _first(found: Entry[T] | None, variable: _Node[T], segments: list[str], index: int) -> Entry[T] | None:
    """What was found by a fixed segment, unless a route before it has a parameter there."""
    if found is not None and found.order < variable.first:
        return found
    other = _find(variable, segments, index)
    if found is None or (other is not None and other.order < found.order):
        return other
    return found


class PathTable(Generic[T]):
    """Knows the first route that takes a method and a path; Starlette asks one after another for it."""

    def __init__(self, routes: Iterable[tuple[str, Iterable[str], T]]) -> None:
        """`routes` are paths, methods and what stands for the route; all paths are plain."""
        methods: defaultdict[str, _Paths[T]] = defaultdict(_Paths)
        for order, (path, names, value) in enumerate(routes):
            for name in names:
                methods[name].add(path, order, value)
        self._methods: Mapping[str, _Paths[T]] = dict(methods)

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]] | None:
        """What stands for the route, and its parameters; None if there is no such route."""
        paths = self._methods.get(method)
        # Starlette's expressions end in `$`, which a newline may follow: nothing to have in a table.
        if paths is None or path.endswith("\n"):
            return None
        entry = paths.fixed.get(path)
        if entry is not None:
            return entry.value, {}
        segments = path.split("/")
        entry = _find(paths.root, segments, 0)
        if entry is None:
            return None
        return entry.value, {name: segments[index] for name, index in entry.parameters}
