"""The type language of the specs: its algebra and the one fold over it.

A renderer for a target language is an `Algebra` that `fold` is given; nothing else takes a type apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

R = TypeVar("R")


class Scalar(StrEnum):
    """The scalars of the type language."""

    INT = "int"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOL = "bool"
    STRING = "string"
    BYTES = "bytes"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    URL = "url"
    JSON = "json"

    # That of enums is written in Python, and types are looked up for every field.
    __hash__ = str.__hash__


SCALARS: Mapping[str, Scalar] = {
    **{scalar.value: scalar for scalar in Scalar},
    "str": Scalar.STRING,
    "integer": Scalar.INT,
    "number": Scalar.FLOAT,
    "boolean": Scalar.BOOL,
}
"""The words for scalars, synonyms among them."""


# Named tuples are made, compared and looked up fastest. Their `kind` tells those apart that hold the same:
# a list and a set of the same items.
class ScalarType(NamedTuple):
    """One of the scalars."""

    scalar: Scalar


SCALAR_TYPES: Mapping[str, ScalarType] = {word: ScalarType(scalar) for word, scalar in SCALARS.items()}
"""The types that single words are."""


class ListType(NamedTuple):
    """Values in an order."""

    item: Type
    kind: Literal["list"] = "list"


class SetType(NamedTuple):
    """Values that differ from each other, in no order."""

    item: Type
    kind: Literal["set"] = "set"


class DictType(NamedTuple):
    """A mapping; its keys are always strings, as in JSON."""

    value: Type
    kind: Literal["dict"] = "dict"


class NullableType(NamedTuple):
    """`T | null` inside a container; at the top of a field it is the field that is nullable."""

    inner: Type
    kind: Literal["nullable"] = "nullable"


class SchemaType(NamedTuple):
    """A model or one of its variants."""

    name: str
    kind: Literal["schema"] = "schema"


class EnumType(NamedTuple):
    """A named enumeration."""

    name: str
    kind: Literal["enum"] = "enum"


class PageType(NamedTuple):
    """A part of many items, and where the next part begins: what a list operation in pages gives."""

    item: Type
    kind: Literal["page"] = "page"


Type = ScalarType | ListType | SetType | DictType | NullableType | SchemaType | EnumType | PageType


class Algebra(NamedTuple, Generic[R]):
    """What each construct of the type language becomes; the parts of a construct are given already folded."""

    scalar: Callable[[Scalar], R]
    list: Callable[[R], R]
    set: Callable[[R], R]
    dict: Callable[[R], R]
    nullable: Callable[[R], R]
    schema: Callable[[str], R]
    enum: Callable[[str], R]
    page: Callable[[R], R]


_REMEMBERED = 16_384  # types


def fold(type_: Type, algebra: Algebra[R]) -> R:
    """Take a type apart from the inside out; what types mostly are is asked first."""
    # Not by `match`, whose patterns of classes take several times as long.
    if isinstance(type_, ScalarType):
        return algebra.scalar(type_.scalar)
    if isinstance(type_, SchemaType):
        return algebra.schema(type_.name)
    if isinstance(type_, EnumType):
        return algebra.enum(type_.name)
    if isinstance(type_, ListType):
        return algebra.list(fold(type_.item, algebra))
    if isinstance(type_, SetType):
        return algebra.set(fold(type_.item, algebra))
    if isinstance(type_, DictType):
        return algebra.dict(fold(type_.value, algebra))
    if isinstance(type_, NullableType):
        return algebra.nullable(fold(type_.inner, algebra))
    return algebra.page(fold(type_.item, algebra))


# Asked for every field by every generator, while a project has few types: a fifth of a generation without it.
@lru_cache(maxsize=_REMEMBERED)
def scalars_of(type_: Type) -> frozenset[Scalar]:
    """Every scalar that occurs in a type."""
    return fold(type_, _SCALARS)


def references(type_: Type) -> frozenset[str]:
    """The names of the schemas and enums that a type refers to."""
    # Most fields are scalars, and to look for one in a cache takes longer.
    return _NONE if isinstance(type_, ScalarType) else _references(type_)


@lru_cache(maxsize=_REMEMBERED)
def _references(type_: Type) -> frozenset[str]:
    return fold(type_, _REFERENCES)


def _collector(
    scalar: Callable[[Scalar], frozenset[R]] = lambda _: frozenset(),
    name: Callable[[str], frozenset[R]] = lambda _: frozenset(),
) -> Algebra[frozenset[R]]:
    def same(inner: frozenset[R]) -> frozenset[R]:
        return inner

    return Algebra(
        scalar=scalar, list=same, set=same, dict=same, nullable=same, schema=name, enum=name, page=same
    )


_SCALARS = _collector(scalar=lambda scalar: frozenset({scalar}))
_NONE: frozenset[str] = frozenset()
_REFERENCES: Algebra[frozenset[str]] = _collector(name=lambda name: frozenset({name}))
