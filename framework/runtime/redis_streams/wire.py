"""How an event lies in a stream: FastStream's message, and beside it what a person wants to see.

The field `__data__` holds the body and the headers as FastStream writes them. `id`, `type` and `key` repeat
the envelope for `redis-cli`; nothing reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

from faststream.redis.parser import BinaryMessageFormatV1
from redis.typing import EncodableT, FieldT

from framework.runtime.envelope import CloudEvent, InvalidEnvelope, from_headers, headers

MESSAGE = b"__data__"


async def encode(event: CloudEvent) -> dict[FieldT, EncodableT]:
    """The fields of the stream's entry. Raises `struct.error` if a header is too long for the format."""
    sent = headers(event)
    message = await BinaryMessageFormatV1.encode(
        message=event.data,
        reply_to=None,
        # FastStream counts a header's length in characters and writes it in bytes: only ASCII survives.
        headers={**sent, "message_id": sent["ce-id"]},
        correlation_id=sent["ce-id"],
    )
    fields: dict[FieldT, EncodableT] = {
        MESSAGE: message,
        b"id": event.id.encode(),
        b"type": event.type.encode(),
    }
    if event.partitionkey is not None:
        fields[b"key"] = event.partitionkey.encode()
    return fields


def decode(fields: Mapping[bytes, bytes]) -> CloudEvent:
    """Read what `encode` wrote. Raises `InvalidEnvelope`."""
    try:
        message = fields[MESSAGE]
    except KeyError:
        raise InvalidEnvelope(
            "the entry has no field __data__: it was not written by an event broker"
        ) from None
    body, found = BinaryMessageFormatV1.parse(message)
    # What is not in FastStream's form it takes for JSON, and hands on whatever stands there.
    if not (isinstance(found, dict) and all(isinstance(value, str) for value in found.values())):
        raise InvalidEnvelope("the headers are not names and texts")
    return from_headers(found, body)
