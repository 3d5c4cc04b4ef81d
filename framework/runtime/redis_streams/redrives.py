"""The redrive stream: what one group alone is to handle once more, from its dead letters or again on purpose.

An entry there wraps the original one, whose fields stand under names that begin with `message.`, as in a dead
letter; beside them stands where it came from, which is kept however often it goes round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MESSAGE_PREFIX: Final = "message."
"""Begins the names of the fields that repeat the original entry, byte for byte."""

Fields = Mapping[bytes, bytes]


def name_of(group: str) -> str:
    """The name, without the project's prefix, of the redrive stream of a group."""
    return f"event_redrive:{group}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry of a redrive stream came from."""

    stream: str
    id: str
    operation: str = ""
    """The one that failed."""
    first_failed_at: str | None = None
    """In ISO 8601; None if it has not failed."""
    redrives: int = 0
    """How often it has been taken out of the dead letters."""
    again: datetime | None = None
    """When it was asked to be run again although it may have been handled before."""

    @classmethod
    def read(cls, fields: Fields) -> Origin:
        """Read it from an entry, or from a dead letter; what a person wrote by hand may lack anything."""

        def told(name: str) -> str:
            return fields.get(name.encode(), b"").decode(errors="replace")

        redrives = told("redrives")
        return cls(
            told("stream"),
            told("original_id"),
            told("operation"),
            told("first_failed_at") or None,
            int(redrives) if redrives.isdecimal() else 0,
            _time(told("again")),
        )


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def wrapped(message: Fields) -> dict[bytes, bytes]:
    """The fields of an original entry as they stand inside another."""
    return {MESSAGE_PREFIX.encode() + name: value for name, value in message.items()}


def unwrapped(fields: Fields) -> dict[bytes, bytes]:
    """The fields of the original entry inside this one."""
    prefix = MESSAGE_PREFIX.encode()
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)}
