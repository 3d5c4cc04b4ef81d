"""How an event lies in a stream: FastStream's message, and beside it what a person wants to see.

The field `__data__` holds the body and the headers as FastStream writes them. `id`, `type` and `key` repeat
the envelope for `redis-cli`; nothing reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Final

from faststream.redis.parser import BinaryMessageFormatV1

from framework.runtime.envelope import CloudEvent, InvalidEnvelope, from_headers, headers
from framework.runtime.redis_streams.reading import MessageFormat, read_plain

MESSAGE: Final = b"__data__"

_VERSION: Final = 1
_START: Final = Struct(f">{len(BinaryMessageFormatV1.IDENTITY_HEADER)}sHIIH")
"""Identity, version, where the headers and the body begin, how many headers there are."""
_COUNT_SIZE: Final = 2
"""Bytes of the last of them: FastStream counts it among the headers."""


def encode(event: CloudEvent) -> dict[bytes, bytes]:
    """The fields of the stream's entry. Raises `OverflowError` if a header is too long for the format."""
    sent = headers(event)
    id_ = sent["ce-id"]
    fields = {
        MESSAGE: _message({"correlation_id": id_, **sent, "message_id": id_}, event.data),
        b"id": event.id.encode(),
        b"type": event.type.encode(),
    }
    if event.partitionkey is not None:
        fields[b"key"] = event.partitionkey.encode()
    return fields


def _message(sent: Mapping[str, str], body: bytes) -> bytes:
    """What `BinaryMessageFormatV1.encode` writes, in a tenth of its time.

    It counts a header's length in characters and writes it in bytes, so the headers must be ASCII.
    """
    pieces: list[str] = []
    for name, value in sent.items():
        pieces += (_NAMES[name], _LENGTHS[len(value)], value)
    written = "".join(pieces).encode("latin-1")
    start = _START.pack(
        BinaryMessageFormatV1.IDENTITY_HEADER,
        _VERSION,
        _START.size - _COUNT_SIZE,
        _START.size + len(written),
        len(sent),
    )
    return b"".join((start, written, body))


class _Lengths(dict[int, str]):
    """The two bytes of a length, as characters."""

    def __missing__(self, length: int) -> str:
        written = self[length] = length.to_bytes(2).decode("latin-1")
        return written


class _Names(dict[str, str]):
    """Names of headers, behind their lengths."""

    def __missing__(self, name: str) -> str:
        written = self[name] = _LENGTHS[len(name)] + name
        return written


_LENGTHS: Final = _Lengths()
_NAMES: Final = _Names()


def decode(fields: Mapping[bytes, bytes]) -> CloudEvent:
    """Read what `encode` wrote. Raises `InvalidEnvelope`."""
    _, event = receive(fields.get(MESSAGE))
    return event if isinstance(event, CloudEvent) else event()


def receive(message: bytes | None) -> tuple[bytes, CloudEvent | Callable[[], CloudEvent]]:
    """Read the field `MESSAGE`: the data, and the event or what makes it. Raises `InvalidEnvelope`."""
    if message is None:
        raise InvalidEnvelope("the entry has no field __data__: it was not written by an event broker")
    plain = read_plain(message)
    if plain:
        return plain.body, plain.event
    event = _read_any(message)
    return event.data, event


def _read_any(message: bytes) -> CloudEvent:
    body, found = MessageFormat.parse(message)
    # What is not in FastStream's form it takes for JSON, and hands on whatever stands there.
    if not (isinstance(found, dict) and all(isinstance(value, str) for value in found.values())):
        raise InvalidEnvelope("the headers are not names and texts")
    return from_headers(found, body)
