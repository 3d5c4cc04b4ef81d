"""The envelope of every event: CloudEvents 1.0, with a binding to headers."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self
from urllib.parse import quote, unquote
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

NonEmpty = Annotated[str, Field(min_length=1)]

SPEC_VERSION: Final = "1.0"
JSON: Final = "application/json"
"""The type of what events carry."""
_PREFIX: Final = "ce-"
_VERSION: Final = f"{_PREFIX}specversion"
_CONTENT_TYPE: Final = "content-type"
_TRACEPARENT: Final = "traceparent"
# What the HTTP binding of CloudEvents (3.1.3.2) keeps: visible ASCII but the quote and the percent sign.
_SAFE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_UNSAFE: Final = re.compile(f"[^{re.escape(_SAFE)}]").search


class InvalidEnvelope(ValueError):
    """The headers of a message are no CloudEvent."""


class CloudEvent(BaseModel):
    """One event: the attributes of CloudEvents 1.0, the extensions that the runtime uses, and the data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: NonEmpty
    source: NonEmpty
    type: NonEmpty
    time: AwareDatetime
    data: bytes
    subject: str | None = None
    datacontenttype: str = JSON
    dataschema: str | None = None
    partitionkey: str | None = None
    """Events of one type and one key are published in the order of their commits."""
    sequence: int | None = None
    """The place of the event among those of its type and key; it grows, and may skip numbers."""
    causationid: str | None = None
    """The id of the event whose handling published this one."""
    traceparent: str | None = None
    """W3C trace context, taken when the event was written."""
    extensions: dict[str, str] = {}
    """Further extension attributes, carried without being understood."""

    @classmethod
    def trusted(cls, **values: Any) -> Self:
        """Make an event of all its values, which are known to be valid, at a fifth of the cost."""
        event = cls.__new__(cls)
        object.__setattr__(event, "__dict__", values)
        object.__setattr__(event, "__pydantic_fields_set__", set(values))
        object.__setattr__(event, "__pydantic_extra__", None)
        object.__setattr__(event, "__pydantic_private__", None)
        return event


_ATTRIBUTES: Final = frozenset(CloudEvent.model_fields) - {"data", "datacontenttype", "extensions"}
_TIME: Final = f"{_PREFIX}time"
_SEQUENCE: Final = f"{_PREFIX}sequence"
_TEXTS: Final = tuple((name, _PREFIX + name) for name in sorted(_ATTRIBUTES - {"time", "sequence"}))
"""The attributes that are texts, with the names of their headers."""
ATTRIBUTE_OF: Final = {_PREFIX + name: name for name in _ATTRIBUTES}
"""By the names of the headers."""
_VALIDATOR: Final = TypeAdapter(CloudEvent).validator
# An id is no secret; a number of the system's would take longer than all the rest of it.
_random: Final = random.Random()  # noqa: S311
os.register_at_fork(after_in_child=_random.seed)


def uuid7() -> UUID:
    """Make an id that sorts by the time it was made (RFC 9562), to a quarter of a microsecond."""
    return UUID(uuid7_text())


def uuid7_text() -> str:
    """The text of an id as `uuid7` makes them."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    digits = f"{milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | _random.getrandbits(62):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def headers(event: CloudEvent) -> dict[str, str]:
    """All of the event but its data, as headers: `ce-` names, percent-encoded ASCII values.

    `traceparent` stands there once more under its plain name, where tracing libraries look for it.
    """
    result = {_VERSION: SPEC_VERSION, _CONTENT_TYPE: event.datacontenttype}
    result[_TIME] = event.time.isoformat()
    if event.sequence is not None:
        result[_SEQUENCE] = str(event.sequence)
    for name, header in _TEXTS:
        text = getattr(event, name)
        if text is not None:
            result[header] = quote(text, safe=_SAFE) if _UNSAFE(text) else text
    for name, text in sorted(event.extensions.items()):
        result[_PREFIX + name] = quote(text, safe=_SAFE)
    if event.traceparent is not None:
        result[_TRACEPARENT] = result[_PREFIX + _TRACEPARENT]
    return result


def from_headers(headers: Mapping[str, str], data: bytes) -> CloudEvent:
    """Read what `headers()` wrote.

    Raises:
        InvalidEnvelope: an attribute is missing or malformed, or the version is not 1.0.
    """
    known: dict[str, object] = {"data": data}
    extensions: dict[str, str] = {}
    version = None
    for name, value in headers.items():
        attribute = ATTRIBUTE_OF.get(name)
        if attribute is not None:
            known[attribute] = _decode(value) if "%" in value else value
        elif name == _VERSION:
            version = value
        elif name.startswith(_PREFIX):
            extensions[name.removeprefix(_PREFIX)] = _decode(value)
    if version != SPEC_VERSION:
        raise InvalidEnvelope(f"{_VERSION} is {version!r}, not {SPEC_VERSION!r}")
    if extensions:
        known["extensions"] = extensions
    if _CONTENT_TYPE in headers:
        known["datacontenttype"] = headers[_CONTENT_TYPE]
    try:
        return _VALIDATOR.validate_python(known)  # type: ignore[no-any-return]
    except ValidationError as error:
        wrong = ", ".join(f"{_PREFIX}{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidEnvelope(wrong) from error


def _decode(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidEnvelope(f"a header is not percent-encoded UTF-8: {error}") from error


def now() -> datetime:
    """Tell the time as envelopes and tables hold it: aware, in UTC."""
    return datetime.now(UTC)
