"""The record of an event that was given up: everything needed to understand it and to deliver it again."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from framework.runtime.envelope import CloudEvent
from framework.runtime.redis_streams.group import Entry
from framework.runtime.redis_streams.redrives import Origin, wrapped

_LONGEST_ERROR: Final = 1_000
_LONGEST_TRACEBACK: Final = 8_000


def name_of(group: str) -> str:
    """The name, without the project's prefix, of the stream with the dead letters of a group."""
    return f"event_dlq:{group}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that failed by the event's or its handler's own fault."""

    operation: str
    event: CloudEvent | None
    """None if the entry cannot be read."""
    error: Exception
    delay: float | None
    """Seconds until the event is tried again; None if it is given up."""
    is_unexpected: bool = True
    """Whether the traceback of the error tells more than its message."""


def record(entry: Entry, failure: Failure, *, group: str, consumer: str, now: float) -> Mapping[bytes, bytes]:
    """The fields of the dead letter. Times are ISO 8601 in UTC; what is not known is left out."""
    behind, event = entry.behind, failure.event
    first_failure = entry.written_at + behind.first_failure if behind.failures else now
    origin = entry.origin or Origin(entry.stream, entry.id.decode())
    values = {
        "original_id": origin.id,
        "stream": origin.stream,
        "group": group,
        "operation": failure.operation,
        "consumer": consumer,
        "event_id": event.id if event else None,
        "event_type": event.type if event else None,
        "subject": event.subject if event else None,
        "trace_id": _trace_id(event),
        "deliveries": str(entry.deliveries),
        "crashes": str(behind.crashes),
        "redrives": str(origin.redrives),
        "again": origin.again.isoformat() if origin.again else None,
        "error_type": type(failure.error).__name__,
        "error": _text(failure.error)[:_LONGEST_ERROR],
        "traceback": _traceback(failure.error) if failure.is_unexpected else None,
        "first_failed_at": origin.first_failed_at or _iso(first_failure),
        "failed_at": _iso(now),
    }
    known = {name.encode(): _bytes(value) for name, value in values.items() if value is not None}
    return known | wrapped(entry.fields)


def identity(entry: Entry, failure: Failure) -> str | None:
    """By what two entries of one event are known, which a relay published twice as it died before marking it.

    None for what cannot be read, and for what somebody has sent again: that is another matter each time.
    """
    event = failure.event
    if event is None or entry.origin is not None:
        return None
    return f"{failure.operation} {event.source} {event.id}"


def one_line(error: Exception) -> str:
    """The error in one line."""
    text = " ".join(_text(error).splitlines())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _text(error: Exception) -> str:
    """What the error says, as something that can be written; one whose `str()` fails says nothing."""
    try:
        return _bytes(str(error)).decode()
    except Exception:
        return ""


def _bytes(text: str) -> bytes:
    """UTF-8; half a surrogate pair is spelled out."""
    return text.encode(errors="backslashreplace")


def _trace_id(event: CloudEvent | None) -> str | None:
    """The second part of W3C's `traceparent`."""
    parts = (event.traceparent or "").split("-") if event else []
    return parts[1] if len(parts) == 4 else None


def _traceback(error: Exception) -> str:
    """Its end, where the error is."""
    return "".join(traceback.format_exception(error))[-_LONGEST_TRACEBACK:]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
