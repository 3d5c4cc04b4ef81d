"""The types of the specs that Python has no exact word for."""

from __future__ import annotations

import base64
import math
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, Field, GetCoreSchemaHandler, JsonValue, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def _storable(text: str) -> str:
    # What a database cannot store it would refuse only at the flush, as an internal error.
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half a surrogate pair") from None
    return text


Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""The spec's `int`: what a 64-bit column holds."""

DECIMAL_DIGITS: Final = 15
"""Significant digits that a double keeps, and so JSON numbers and SQLite's columns."""

Decimal15 = Annotated[Decimal, Field(max_digits=DECIMAL_DIGITS)]
"""The spec's `decimal`: what every column and every reader of JSON holds exactly, 9999999999999.99 say."""


def _in_utc(moment: datetime) -> datetime:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be between the years 1 and 9999 in UTC") from None
    return moment


StorableDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""The spec's `datetime`: a point in time, which a value without a zone is not."""


def _without_zone(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("must not have a time zone")
    return moment


LocalTime = Annotated[time, AfterValidator(_without_zone)]
"""The spec's `time`: a time of day wherever one is, since the offset of a zone depends on the day."""

StorableDuration = Annotated[timedelta, Field(ge=timedelta(days=-719_162), le=timedelta(days=2_932_896))]
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

Base64Bytes = Annotated[bytes, _Base64(), WithJsonSchema({"type": "string", "format": "base64url"})]
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
