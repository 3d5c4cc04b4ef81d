"""The types of the specs that Python has no exact word for."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    FiniteFloat,
    GetCoreSchemaHandler,
    JsonValue,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema


def _storable(text: str) -> str:
    # What a database cannot store it would refuse only at the flush, as an internal error.
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half a surrogate pair") from None
    return text


INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

Int64 = Annotated[int, Field(ge=INT64_MIN, le=INT64_MAX)]
"""The spec's `int`: what a 64-bit column holds."""

DECIMAL_DIGITS: Final = 15
"""Significant digits that a double keeps, and so JSON numbers and SQLite's columns."""

Decimal15 = Annotated[Decimal, Field(max_digits=DECIMAL_DIGITS)]
"""The spec's `decimal`: what every column and every reader of JSON holds exactly, 9999999999999.99 say."""


def _number(value: object) -> object:
    if isinstance(value, str | bool):
        raise PydanticKnownError("int_type")
    return value


StrictInt64 = Annotated[Int64, BeforeValidator(_number)]
"""An `int` in the body of a request: a number, and 1.0 is one; not a text of digits, and not `true`."""

StrictFiniteFloat = Annotated[FiniteFloat, Strict()]
"""A `float` in the body of a request: a number."""


def _written(type_: type, pattern: str, kind: str, example: str) -> BeforeValidator:
    """Have a text look as the document says: Pydantic reads numbers of seconds, and more, as times too."""
    fits: Callable[[str], object] = re.compile(pattern, re.ASCII).fullmatch

    def check(value: object) -> object:
        if type(value) is type_:  # as in every row
            return value
        if fits(value) if isinstance(value, str) else not isinstance(value, _NUMBERS):
            return value
        raise PydanticCustomError(f"{kind}_format", f"Input should be a {kind} such as {example}")

    return BeforeValidator(check)


_NUMBERS: Final = (int, float, Decimal)  # a union would be walked
_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d(:\d\d(\.\d+)?)?"
_OFFSET: Final = r"([Zz]|[+-]\d\d:?\d\d)"

CalendarDate = Annotated[date, _written(date, _DATE, "date", "2024-02-29")]
"""The spec's `date`."""

StorableDatetime = Annotated[
    AwareDatetime,
    # Between the years 1 and 9999 in UTC: Python counts no others.
    Field(ge=datetime.min.replace(tzinfo=UTC), le=datetime.max.replace(tzinfo=UTC)),
    _written(datetime, f"{_DATE}[Tt ]{_TIME}{_OFFSET}?", "datetime", "2024-02-29T12:30:00Z"),
]
"""The spec's `datetime`: a point in time, which a value without a zone is not."""


def _without_zone(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("must not have a time zone")
    return moment


LocalTime = Annotated[
    time,
    AfterValidator(_without_zone),
    _written(time, f"{_TIME}{_OFFSET}?", "time", "12:30:00"),
    WithJsonSchema(
        # The format `time` has an offset.
        {
            "type": "string",
            "format": "time-local",
            "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$",
        }
    ),
]
"""The spec's `time`: a time of day wherever one is, since the offset of a zone depends on the day."""

StorableDuration = Annotated[
    timedelta,
    Field(ge=timedelta(days=-719_162), le=timedelta(days=2_932_896)),
    _written(timedelta, r"[+-]?P[\dA-Z.]+", "duration", "PT1H30M"),
    # The format `duration` has no sign and no fraction of a second. A year is 365 days.
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 3,
            "pattern": r"^-?P(\d{1,3}Y)?(\d{1,3}D)?(T(\d{1,2}H)?(\d{1,2}M)?(\d{1,2}(\.\d{1,6})?S)?)?$",
        }
    ),
]
"""The spec's `duration`: what SQLite holds as well, which counts from 1970 to the years 1 and 9999."""


class Storable:
    """Marks a text that a database will store: no NUL character, no half of a surrogate pair.

    It stands behind the limits of the text, so that Pydantic counts characters and says so:
    `Annotated[str, Field(max_length=5), Storable()]`.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if schema["type"] == "nullable":
            inner = core_schema.no_info_after_validator_function(_storable, schema["schema"])
            return core_schema.nullable_schema(inner)
        return core_schema.no_info_after_validator_function(_storable, schema)


Text = Annotated[str, Storable()]
"""The spec's `string` without limits, and the keys of its dicts."""


def _storable_json(value: JsonValue) -> JsonValue:
    ahead = [value]
    while ahead:
        match ahead.pop():
            case str() as text:
                _storable(text)
            case float() as number if not math.isfinite(number):
                raise ValueError("must not contain NaN or an infinity")
            case list() as items:
                ahead.extend(items)
            case dict() as members:
                ahead.extend(members)
                ahead.extend(members.values())
    return value


StorableJson = Annotated[JsonValue, AfterValidator(_storable_json)]
"""The spec's `json`: what every database stores and every service can send on."""


class _Base64:
    """Makes JSON carry bytes as the models do, which have a setting for it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_encoded, when_used="json")
        return core_schema.no_info_before_validator_function(_decoded, handler(source), serialization=written)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value.translate(_STANDARD), validate=True)
    except ValueError:  # no ASCII, no base64
        raise PydanticCustomError("bytes_invalid_encoding", "Data should be valid base64") from None


_STANDARD: Final = str.maketrans("-_", "+/")

BASE64: Final = r"^([A-Za-z0-9+/_-]{4})*([A-Za-z0-9+/_-]{2}==|[A-Za-z0-9+/_-]{3}=)?$"
"""What is read as bytes, as a pattern for documents: with padding, in either alphabet."""

Base64Bytes = Annotated[
    bytes, _Base64(), WithJsonSchema({"type": "string", "format": "base64url", "pattern": BASE64})
]
"""The spec's `bytes` outside of models."""


class NotNull:
    """Marks a field that may be absent but not null: `Annotated[T | None, NotNull()] = None`.

    The JSON schema is that of `T`; a JSON null is refused as `T` refuses it. In a `Schema`, a field that is
    None is absent from what is written, too.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if schema["type"] != "nullable":
            raise TypeError(f"NotNull() marks a type with `| None`, not {source!r}")
        inner: CoreSchema = schema["schema"]
        return inner
