"""What the names in a module stand for, as far as imports, classes and plain assignments say."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

_BUILTINS = frozenset(dir(builtins))


class Names:
    """The names of one module; those of its top level win over those of functions and classes in it."""

    def __init__(self, tree: ast.Module, module: str, package: str) -> None:
        self._module = module
        self._package = package
        self._imports: dict[str, str] = {}
        self._aliases: dict[str, ast.expr] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.imported: set[str] = set()
        self._functions: set[str] = set()
        self.has_star = False
        inner: list[ast.AST] = []
        for node in _top_level(tree, inner):
            self._take_import_or_class(node)
            self._take_value(node)
        for scope in inner:
            for node in ast.walk(scope):
                self._take_import_or_class(node)

    def _take_import_or_class(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names):
                for alias in names:
                    self.imported.add(alias.name)
                    root = alias.name.split(".")[0]
                    self._imports.setdefault(alias.asname or root, alias.name if alias.asname else root)
            case ast.ImportFrom():
                self._take_from(node)
            case ast.ClassDef(name):
                self.classes.setdefault(name, node)

    def _take_value(self, node: ast.AST) -> None:
        match node:
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                self._aliases.setdefault(name, value)
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                self._functions.add(name)
            case _:
                if alias := _type_alias(node):
                    self._aliases.setdefault(*alias)

    def _take_from(self, node: ast.ImportFrom) -> None:
        base = self._absolute(node)
        self.imported.add(base)
        for alias in node.names:
            if alias.name == "*":
                self.has_star = True
            else:
                self.imported.add(f"{base}.{alias.name}")
                self._imports.setdefault(alias.asname or alias.name, f"{base}.{alias.name}")

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self._package.split(".")
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])

    def target(self, name: str) -> str | None:
        """What a name of the module's top level is imported from, or an alias of; None if it is neither."""
        if name in self.classes:
            return None
        if name in self._imports:
            return self._imports[name]
        alias = self._aliases.get(name)
        return self.qualified(alias) if alias and not isinstance(alias, ast.Constant) else None

    def alias(self, name: str) -> ast.expr | None:
        """The expression that a name was given by a plain assignment."""
        return None if name in self._imports or name in self.classes else self._aliases.get(name)

    def has(self, name: str) -> bool:
        """Whether the module may define or import a name."""
        known = (self._imports, self._aliases, self.classes, self._functions)
        return self.has_star or any(name in names for names in known)

    def qualified(self, expression: ast.expr) -> str | None:
        """The dotted name that an expression stands for; of `Page[int]`, that of `Page`."""
        attributes: list[str] = []
        while isinstance(expression, (ast.Attribute, ast.Subscript)):
            if isinstance(expression, ast.Attribute):
                attributes.append(expression.attr)
            expression = expression.value
        first = self._origin(expression.id) if isinstance(expression, ast.Name) else None
        return ".".join([first, *reversed(attributes)]) if first else None

    def _origin(self, name: str) -> str | None:
        if name in self._imports and name not in self.classes:
            return self._imports[name]
        if name in self.classes or name in self._aliases or name in self._functions:
            return f"{self._module}.{name}"
        return f"builtins.{name}" if name in _BUILTINS and not self.has_star else None


def _top_level(tree: ast.Module, inner: list[ast.AST]) -> Iterator[ast.AST]:
    """What stands outside of functions and classes, and those themselves; they are added to `inner`."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner.append(node)
        elif isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _type_alias(node: ast.AST) -> tuple[str, ast.expr] | None:
    """`type Name = …`, which Python has from 3.12 on."""
    if type(node).__name__ != "TypeAlias":
        return None
    name, value = getattr(node, "name", None), getattr(node, "value", None)
    return (name.id, value) if isinstance(name, ast.Name) and isinstance(value, ast.expr) else None
