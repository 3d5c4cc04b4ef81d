"""The type language of the specs: its algebra and the one fold over it.

A renderer for a target language is a function that `fold` is given; nothing else takes a type apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class ScalarType:
    scalar: Scalar


@dataclass(frozen=True, slots=True)
class ListType:
    item: Type


@dataclass(frozen=True, slots=True)
class SetType:
    item: Type


@dataclass(frozen=True, slots=True)
class DictType:
    """A mapping; its keys are always strings, as in JSON."""

    value: Type


@dataclass(frozen=True, slots=True)
class NullableType:
    """`T | null` inside a container; at the top of a field it is the field that is nullable."""

    inner: Type


@dataclass(frozen=True, slots=True)
class SchemaType:
    """A model or one of its variants."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumType:
    """A named enumeration."""

    name: str


Type = ScalarType | ListType | SetType | DictType | NullableType | SchemaType | EnumType
