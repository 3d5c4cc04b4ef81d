"""Types of the specs as types of TypeScript: what a value is in JSON, as services read and write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from framework.types import Algebra, Scalar, Type, fold


class Alias(NamedTuple):
    """A scalar that JSON has no word for: the name it gets, what stands for it, and how that is written."""

    name: str
    type: str
    description: str


ALIASES: Mapping[Scalar, Alias] = {
    Scalar.INT: Alias(
        "Integer",
        "number",
        "A whole number of 64 bits. Beyond 2^53 a number of JavaScript loses its last digits: an id that may "
        "grow so large is better a `uuid` or a `string`.",
    ),
    Scalar.DECIMAL: Alias(
        "DecimalString", "string", 'A decimal number as text, so that no digit is lost: "19.90".'
    ),
    Scalar.BYTES: Alias(
        "Base64String",
        "string",
        "Bytes in base64. Services write its URL-safe alphabet (`-` and `_`), and read both alphabets.",
    ),
    Scalar.DATE: Alias("DateString", "string", 'A date: "2026-01-31".'),
    Scalar.TIME: Alias("TimeString", "string", 'A time of day: "12:30:00".'),
    Scalar.DATETIME: Alias(
        "DateTimeString", "string", 'A date and a time as ISO 8601: "2026-01-31T12:30:00Z".'
    ),
    Scalar.DURATION: Alias("DurationString", "string", 'A duration as ISO 8601: "P1DT2H".'),
    Scalar.UUID: Alias("UuidString", "string", 'A UUID: "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b".'),
    Scalar.JSON: Alias(
        "JsonValue",
        "string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }",
        "Any value that JSON can hold.",
    ),
}

_PLAIN: Mapping[Scalar, str] = {
    Scalar.FLOAT: "number",
    Scalar.BOOL: "boolean",
    Scalar.STRING: "string",
    Scalar.EMAIL: "string",
    Scalar.URL: "string",
}


def typescript(
    schema: Callable[[str], str], alias: Callable[[Scalar], str], page: str, module: str = ""
) -> Callable[[Type], str]:
    """What renders a type; `schema` and `alias` tell how a schema and a scalar of `ALIASES` are called.

    `page` is the name of the interface of pages.

    `module` stands before each name of the project's own: `types.`, or nothing.
    """
    algebra = Algebra(
        scalar=lambda scalar: _PLAIN.get(scalar) or module + alias(scalar),
        list=_array,
        set=_array,
        # Not `Record<string, …>`: a model may be called `Record`.
        dict=lambda value: f"{{ [key: string]: {value} }}",
        nullable=nullable,
        schema=lambda name: module + schema(name),
        enum=lambda name: module + name,
        page=lambda item: f"{module}{page}<{item}>",
    )
    return cache(lambda type_: fold(type_, algebra))


def nullable(type_: str) -> str:
    """The type, or null."""
    return f"{type_} | null"


def _array(item: str) -> str:
    return f"({item})[]" if item.endswith(" | null") else f"{item}[]"
