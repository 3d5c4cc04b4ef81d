"""Whether what one side writes as one type, the other side reads as another.

`written` is the type of the side that writes, `read` that of the side that reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from framework.breaking.flows import Flow
from framework.types import (
    Algebra,
    DictType,
    EnumType,
    ListType,
    NullableType,
    PageType,
    Scalar,
    ScalarType,
    SetType,
    Type,
    fold,
)

_TEXTS = frozenset(
    {Scalar.DATE, Scalar.TIME, Scalar.DATETIME, Scalar.DURATION, Scalar.UUID, Scalar.EMAIL, Scalar.URL}
)
"""Scalars that are written as text which means the same to whoever knows only that it is text."""

_READ_AS = frozenset({(Scalar.INT, Scalar.FLOAT), *((scalar, Scalar.STRING) for scalar in _TEXTS)})
"""What may be written, and what it may be read as; a decimal has fewer digits than an int or a float."""

Mismatch = tuple[Type, Type]
"""The parts of two types that do not fit: what is written, and what is expected."""


def mismatches(written: Type, read: Type, flow: Flow) -> Iterator[Mismatch]:
    """The parts of two types that do not fit.

    Pairs of enums or of schemas are always among them: whether those fit is a question of their members.
    """
    match written, read:
        case (NullableType(inner), NullableType(expected)) | (inner, NullableType(expected)):
            yield from mismatches(inner, expected, flow)
        case (
            (ListType(item), ListType(expected))
            | (SetType(item), SetType(expected) | ListType(expected))
            | (DictType(item), DictType(expected))
            | (PageType(item), PageType(expected))
        ):
            yield from mismatches(item, expected, flow)
        case _ if not _is_read(written, read, flow):
            yield written, read


def _is_read(written: Type, read: Type, flow: Flow) -> bool:
    match written, read:
        case _, ScalarType(Scalar.JSON):
            return True
        case ScalarType(scalar), ScalarType(expected):
            is_text = flow is Flow.PARAM and expected is Scalar.STRING
            return is_text or scalar is expected or (scalar, expected) in _READ_AS
        case EnumType(), ScalarType(Scalar.STRING):
            return True
        case _:
            return False


def text(type_: Type, *, nullable: bool = False) -> str:
    """A type as a spec says it."""
    found = fold(
        type_,
        Algebra(
            scalar=lambda scalar: scalar.value,
            list=lambda item: f"list[{item}]",
            set=lambda item: f"set[{item}]",
            dict=lambda value: f"dict[string, {value}]",
            nullable=lambda inner: f"{inner} | null",
            schema=lambda name: name,
            enum=lambda name: name,
            page=lambda item: f"pages of {item}",
        ),
    )
    return f"{found} | null" if nullable else found
