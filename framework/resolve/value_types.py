"""Types of the specs as types that Pydantic checks values against, while specs are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, ConfigDict, JsonValue, TypeAdapter
from pydantic import Field as PydanticField
from pydantic_core import PydanticCustomError

from framework.resolve.constraints import CONSTRAINTS, DECIMAL_DIGITS, INT64_MAX, INT64_MIN
from framework.system import Constraints, Enum
from framework.types import Algebra, Scalar, Type, fold

_ADDRESS = re.compile(
    r"(?![.])(?!.*[.]@)(?!.*[.][.])[^@\s]{1,64}@(?!-)(?:[^@\s.]*[^@\s.-][.](?!-))+[^@\s.]*[^@\s.-]\Z"
)


def _require_address(text: str) -> str:
    # The library behind EmailStr takes longer to import than most specs to compile.
    if not _ADDRESS.match(text):
        raise PydanticCustomError("email", "value is not an email address")
    return text


def _require_utc(moment: datetime) -> datetime:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("utc", "it is between the years 1 and 9999 in UTC") from None
    return moment


def _require_no_zone(moment: time) -> time:
    if moment.tzinfo is not None:
        raise PydanticCustomError("zone", "a time of day has no zone")
    return moment


_SHORTEST, _LONGEST = timedelta(days=-719_162), timedelta(days=2_932_896)
"""What a `duration` can be."""


def _require_no_null(value: Any) -> Any:
    ahead = [value]
    while ahead:
        match ahead.pop():
            case str() as text if "\0" in text:
                raise PydanticCustomError("nul", "a text has no NUL character")
            case list() as items:
                ahead.extend(items)
            case dict() as members:
                ahead += [*members, *members.values()]
    return value


_RUNTIME: Mapping[Scalar, Any] = {
    Scalar.INT: Annotated[int, PydanticField(ge=INT64_MIN, le=INT64_MAX)],
    Scalar.FLOAT: float,
    Scalar.DECIMAL: Annotated[Decimal, PydanticField(max_digits=DECIMAL_DIGITS)],
    Scalar.BOOL: bool,
    Scalar.STRING: Annotated[str, PydanticField(pattern="\\A[^\0]*\\z")],
    Scalar.BYTES: bytes,
    Scalar.DATE: date,
    Scalar.TIME: Annotated[time, AfterValidator(_require_no_zone)],
    Scalar.DATETIME: Annotated[AwareDatetime, AfterValidator(_require_utc)],
    Scalar.DURATION: Annotated[timedelta, PydanticField(ge=_SHORTEST, le=_LONGEST)],
    Scalar.UUID: UUID,
    Scalar.EMAIL: Annotated[str, AfterValidator(_require_address)],
    Scalar.JSON: Annotated[JsonValue, AfterValidator(_require_no_null)],
}


def _runtime(scalar: Scalar) -> Any:
    if scalar is Scalar.URL:
        from pydantic import AnyUrl  # takes longer to import than all that the others need

        return AnyUrl
    return _RUNTIME[scalar]


_KEY = Annotated[str, AfterValidator(_require_no_null)]
"""What a key of a `dict` can be."""

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False, val_json_bytes="base64")


@lru_cache(maxsize=1024)
def adapter(type_: Type, constraints: Constraints, enums: tuple[Enum, ...]) -> TypeAdapter[Any]:
    """What checks values of a type within constraints; `enums` are those that the type speaks of."""
    values = {enum.name: tuple(value for _, value in enum.members) for enum in enums}
    python = fold(
        type_,
        Algebra(
            scalar=_runtime,
            list=lambda item: list[item],  # type: ignore[valid-type]
            set=lambda item: set[item],  # type: ignore[valid-type]
            dict=lambda value: dict[_KEY, value],  # type: ignore[valid-type]
            nullable=lambda inner: inner | None,
            schema=lambda _: dict[str, Any],
            enum=lambda name: Literal[values[name]] if values.get(name) else str,
            page=_no_value,
        ),
    )
    limits = {
        _PYDANTIC.get(name, name): limit
        for name in CONSTRAINTS
        if (limit := getattr(constraints, name)) is not None
    }
    return TypeAdapter(Annotated[python, PydanticField(**limits)] if limits else python, config=_CONFIG)


def _no_value(_: Any) -> Any:
    raise TypeError("specs have no values of pages")


_PYDANTIC = {"min_items": "min_length", "max_items": "max_length"}
