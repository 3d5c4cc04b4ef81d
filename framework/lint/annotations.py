"""Annotations compared by what they mean: `dt.datetime` and `datetime`, `Optional[X]` and `X | None`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from framework.lint.modules import Code, Module

_SAME = {
    "typing.List": "builtins.list",
    "typing.Dict": "builtins.dict",
    "typing.Set": "builtins.set",
    "typing.Text": "builtins.str",
    "types.NoneType": "None",
    "typing_extensions.Any": "typing.Any",
    "pydantic.types.JsonValue": "pydantic.JsonValue",
    "pydantic.networks.AnyUrl": "pydantic.AnyUrl",
    "sqlalchemy.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
}
"""Other names of what generated code names."""

_UNIONS = {"typing.Union", "typing.Optional"}
_ANYTHING = {"typing.Any", "builtins.object"}

_COMPARABLE = {
    "None",
    "builtins.bool",
    "builtins.bytes",
    "builtins.dict",
    "builtins.float",
    "builtins.int",
    "builtins.list",
    "builtins.set",
    "builtins.str",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "pydantic.AnyUrl",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "uuid.UUID",
}
"""What generated annotations are made of, besides schemas. Of any other type only mypy knows what it is."""

SCHEMAS = "shared.generated.schemas."

_NARROWER = {
    ("builtins.bool", "builtins.int"),
    ("builtins.bool", "builtins.float"),
    ("builtins.int", "builtins.float"),
    ("datetime.datetime", "datetime.date"),
}
"""Pairs of which the first may stand where the second is wanted, as mypy has it."""

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its name, with its arguments."""

    name: str
    arguments: tuple[Type, ...] = ()


Type = frozenset[Named]
"""The members of a union; a type that is none has one member."""

UNKNOWN: Type = frozenset({Named("?")})


def type_of(code: Code, module: Module, expression: ast.expr, depth: int = 0) -> Type:
    """The type that an annotation in a module means, as far as that can be told."""
    if depth > _DEEPEST:
        return UNKNOWN
    match expression:
        case ast.Constant(None):
            return frozenset({Named("None")})
        case ast.Constant(str() as text):
            return type_of(code, module, inner, depth + 1) if (inner := _parsed(text)) else UNKNOWN
        case ast.BinOp(left, ast.BitOr(), right):
            return type_of(code, module, left, depth + 1) | type_of(code, module, right, depth + 1)
        case ast.Subscript(value, arguments):
            return _generic(code, module, code.named(module, value), arguments, depth)
        case ast.Name() | ast.Attribute():
            return _plain(code, module, expression, depth)
    return UNKNOWN


def _plain(code: Code, module: Module, expression: ast.expr, depth: int) -> Type:
    name = code.named(module, expression)
    if name is None:
        return UNKNOWN
    owner, _, attribute = name.rpartition(".")
    if owner in code.modules and (alias := code.modules[owner].names.alias(attribute)):
        return type_of(code, code.modules[owner], alias, depth + 1)
    return frozenset({Named(_SAME.get(name, name))})


def _generic(code: Code, module: Module, name: str | None, arguments: ast.expr, depth: int) -> Type:
    parts = arguments.elts if isinstance(arguments, ast.Tuple) else [arguments]
    if name in {"typing.Annotated", "typing_extensions.Annotated"} and parts:
        return type_of(code, module, parts[0], depth + 1)
    types = [type_of(code, module, part, depth + 1) for part in parts]
    if name in _UNIONS:
        optional = frozenset({Named("None")}) if name == "typing.Optional" else frozenset()
        return optional.union(*types)
    return frozenset({Named(_SAME.get(name, name), tuple(types))}) if name else UNKNOWN


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Tells whether a value of one type may be given where another is wanted; `enums` are their names."""

    enums: frozenset[str]

    def fits(self, given: Type, wanted: Type) -> bool:
        """Whether every value of `given` is one of `wanted`, or nobody but mypy can say."""
        return all(any(self._is_narrower(one, other) for other in wanted) for one in given)

    def _is_narrower(self, one: Named, other: Named) -> bool:
        if other.name in _ANYTHING or one.name == "typing.Any":
            return True
        if not (self._is_comparable(one) and self._is_comparable(other)):
            return True
        if one.name == other.name:
            return self._have_same(one.arguments, other.arguments)
        if (one.name, other.name) in _NARROWER:
            return True
        return other.name == "builtins.str" and one.name.removeprefix(SCHEMAS) in self.enums

    def _is_comparable(self, named: Named) -> bool:
        return named.name in _COMPARABLE or named.name.startswith(SCHEMAS)

    def _have_same(self, these: tuple[Type, ...], those: tuple[Type, ...]) -> bool:
        """Whether the arguments of a container are the same, since one of `int` is none of `float`."""
        if len(these) != len(those):
            return True  # `list` without an argument is a list of anything
        return all(
            _holds_any(this, that) or (self.fits(this, that) and self.fits(that, this))
            for this, that in zip(these, those, strict=True)
        )


def _holds_any(*types: Type) -> bool:
    return any(named.name == "typing.Any" for named in _members(types))


def _members(types: tuple[Type, ...]) -> Iterator[Named]:
    return (named for type_ in types for named in type_)
