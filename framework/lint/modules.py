"""The Python files of a project, each read and parsed once; nothing of them is ever imported."""

from __future__ import annotations

import ast
import importlib.util
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from framework.diagnostics import Diagnostics, Place
from framework.excerpts import CONFLICT, UNMERGED
from framework.lint.names import Names
from framework.source import Source

WRITTEN_BY_HAND = ("services/*/src/**/*.py", "shared/shared/**/*.py")
"""Where the code of a person is; tests and migrations are free."""

GENERATED = "generated"
"""The name of the folders that generation owns."""

_IMPORT_ROOTS = ("shared",)
"""Folders of a project that are on Python's path; their own names are no part of a module's."""

_NOT_PYTHONS = re.compile("[\x85\u2028\u2029]")
"""Characters that end a line for others, but not for Python."""

_KEYWORD = re.compile(r"(class|def|async\s+def)\s+")


@dataclass(frozen=True)
class Module:
    """A file of a person. `name` is what it is imported as."""

    source: Source
    tree: ast.Module
    name: str

    @property
    def path(self) -> str:
        """The path from the root of the project, with slashes."""
        return self.source.path

    @property
    def service(self) -> str:
        """The service that the file belongs to; empty for what all share."""
        parts = PurePosixPath(self.path).parts
        return parts[1] if parts[0] == "services" else ""

    @property
    def within(self) -> PurePosixPath:
        """The path within the source of the service."""
        return PurePosixPath(*PurePosixPath(self.path).parts[3 if self.service else 2 :])

    @cached_property
    def names(self) -> Names:
        """What the names in the file stand for."""
        package = self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]
        return Names(self.tree, self.name, package)

    def place(self, node: ast.expr | ast.stmt | ast.arg) -> Place:
        """The place of a node; of its first line, when it has several."""
        line = node.lineno - 1
        start = self._column(line, node.col_offset)
        ends_here = node.end_lineno == node.lineno and node.end_col_offset is not None
        end = self._column(line, node.end_col_offset or 0) if ends_here else len(self._lines[line].rstrip())
        return self.source.at(line, start, end - start)

    def place_of_name(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Place:
        """The place of the name of a class or a function."""
        line = node.lineno - 1
        start = self._column(line, node.col_offset)
        keyword = _KEYWORD.match(self._lines[line], start)
        return self.source.at(line, keyword.end(), len(node.name)) if keyword else self.place(node)

    @cached_property
    def _lines(self) -> list[str]:
        return self.source.text.split("\n")

    def _column(self, line: int, offset: int) -> int:
        """The character at an offset, which Python counts in bytes of UTF-8."""
        return len(self._lines[line].encode()[:offset].decode(errors="replace"))


@dataclass(frozen=True)
class Code:
    """The files of a person in one project, by the names that they are imported as."""

    modules: Mapping[str, Module]

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def of_service(self, service: str) -> Iterator[Module]:
        """The files of one service."""
        return (module for module in self if module.service == service)

    def origin(self, name: str) -> str:
        """The name under which something was defined, whatever modules of the project it came through."""
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            module, _, attribute = name.rpartition(".")
            if module not in self.modules or name in self.modules:
                return name
            name = self.modules[module].names.target(attribute) or name
        return name

    def class_of(self, name: str) -> tuple[Module, ast.ClassDef] | None:
        """The class of that name, if a person wrote it."""
        module_name, _, class_name = self.origin(name).rpartition(".")
        module = self.modules.get(module_name)
        found = module.names.classes.get(class_name) if module else None
        return (module, found) if module and found else None

    def named(self, module: Module, expression: ast.expr) -> str | None:
        """What an expression such as `p.BaseModel` or `Page[int]` names, under the name of its origin."""
        name = module.names.qualified(expression)
        return self.origin(name) if name else None


def read(root: Path, taken_over: Iterable[str], diagnostics: Diagnostics) -> Code:
    """Read the code of the project at `root`; `taken_over` are generated files that a person keeps."""
    modules: dict[str, Module] = {}
    for path in sorted(_paths(root, frozenset(taken_over))):
        if module := _module(root, path, diagnostics):
            modules[module.name] = module
    return Code(modules)


def _paths(root: Path, taken_over: frozenset[str]) -> Iterator[Path]:
    for pattern in WRITTEN_BY_HAND:
        for path in root.glob(pattern):
            relative = path.relative_to(root)
            if GENERATED not in relative.parts or relative.as_posix() in taken_over:
                yield path


def _module(root: Path, path: Path, diagnostics: Diagnostics) -> Module | None:
    name = path.relative_to(root).as_posix()
    try:
        source = Source(name, _NOT_PYTHONS.sub(" ", importlib.util.decode_source(path.read_bytes())))
    except OSError as error:
        diagnostics.add("unreadable-file", Place(name), f"the file cannot be read: {error.strerror}")
        return None
    except (SyntaxError, UnicodeDecodeError):
        diagnostics.add("python-syntax", Place(name), "this is not the text that it says it is, or not UTF-8")
        return None
    try:
        return Module(source, _parsed(source.text), _dotted(name))
    except SyntaxError as error:
        place = source.at((error.lineno or 1) - 1, max(0, (error.offset or 1) - 1), _width(error))
        if source.line(place.line - 1).startswith(CONFLICT):
            diagnostics.add("python-syntax", place, "a conflict of a merge", hint=UNMERGED)
        else:
            diagnostics.add("python-syntax", place, error.msg)
    except (ValueError, RecursionError, MemoryError):
        diagnostics.add("python-syntax", source.file, "Python cannot read this file")
    return None


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():  # such as those of invalid escapes, which are ruff's to tell
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _width(error: SyntaxError) -> int:
    if error.end_lineno == error.lineno and error.offset and error.end_offset:
        return max(1, error.end_offset - error.offset)
    return 1


def _dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    if parts[0] in _IMPORT_ROOTS:
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
