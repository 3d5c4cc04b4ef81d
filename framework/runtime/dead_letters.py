"""Dead letters as an operator sees them: what was given up, which of it is meant, and how it is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Protocol

from framework.runtime.envelope import CloudEvent


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that a service gave up, and all that is known about it."""

    id: str
    """Its place among the dead letters of the service."""
    service: str
    event: str
    """The name of the event."""
    operation: str
    original_id: str
    """Its id in the stream of the event."""
    error_type: str
    error: str
    traceback: str | None
    """None if it says no more than the error."""
    failed_at: datetime
    first_failed_at: datetime
    deliveries: int
    """How often it was delivered until it was given up."""
    crashes: int
    """Of these, ended by the death, or a long pause, of a process."""
    redrives: int
    """How often it has been sent again since it was given up for the first time."""
    consumer: str
    """The process that gave it up."""
    trace_id: str | None
    envelope: CloudEvent | None
    """The event itself; None if it cannot be read."""
    message: Mapping[str, str] = field(default_factory=dict)
    """What was found in its place if it cannot be read."""

    def summary(self) -> dict[str, Any]:
        """What a list shows of it, ready for JSON."""
        event = self.envelope
        return {
            "id": self.id,
            "service": self.service,
            "event": self.event,
            "event_id": event.id if event else None,
            "subject": event.subject if event else None,
            "operation": self.operation,
            "original_id": self.original_id,
            "error_type": self.error_type,
            "error": self.error,
            "first_failed_at": self.first_failed_at.isoformat(),
            "failed_at": self.failed_at.isoformat(),
            "deliveries": self.deliveries,
            "crashes": self.crashes,
            "redrives": self.redrives,
            "trace_id": self.trace_id,
        }

    def details(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        event = self.envelope
        told = {"traceback": self.traceback, "consumer": self.consumer}
        if event is None:
            return self.summary() | told | {"message": dict(self.message)}
        attributes = event.model_dump(mode="json", exclude={"data"}, exclude_defaults=True)
        envelope = {name: attributes[name] for name in CloudEvent.model_fields if name in attributes}
        return self.summary() | told | {"envelope": envelope, "payload": payload(event)}


def payload(event: CloudEvent) -> Any:
    """The data of an event as far as it can be read: parsed if it is JSON, else its text."""
    text = event.data.decode(errors="backslashreplace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


@dataclass(frozen=True, slots=True)
class Selection:
    """Which dead letters are meant: those that fit everything that is given."""

    ids: Collection[str] = ()
    event: str | None = None
    """A name, or a pattern such as `user.*`."""
    operation: str | None = None
    """A name, or a pattern such as `users.*`."""
    error: str | None = None
    """A part of the error, its type included; capitals are not told from small letters."""
    newer_than: datetime | None = None
    older_than: datetime | None = None

    def fits(self, letter: DeadLetter) -> bool:
        """Whether this letter is meant; its age is the store's affair."""
        return (
            (not self.ids or letter.id in self.ids)
            and (self.event is None or fnmatchcase(letter.event, self.event))
            and (self.operation is None or fnmatchcase(letter.operation, self.operation))
            and (
                self.error is None
                or self.error.casefold() in f"{letter.error_type}: {letter.error}".casefold()
            )
        )


class DeadLetters(Protocol):
    """The dead letters of one service.

    Every method raises `BrokerUnavailable` if the broker is down, and `BrokerRefused` if it will not.
    """

    service: str

    async def count(self) -> int:
        """How many there are."""

    async def get(self, id_: str) -> DeadLetter | None:
        """The one of this id, if there is one."""

    def find(self, selection: Selection, after: str | None = None) -> AsyncIterator[DeadLetter]:
        """Those that are meant, in the order in which they were given up, from behind the id `after` on."""

    async def redrive(self, ids: Collection[str]) -> list[str]:
        """Send these to the service once more, and to nobody else, as events that have not failed yet.

        Returns the ids of those that were sent: of two who ask for the same letter, one sends it.
        """

    async def discard(self, ids: Collection[str]) -> list[str]:
        """Delete these for good; returns the ids of those that were there."""
