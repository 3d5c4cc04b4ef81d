"""Requests in ASGI's own terms, so that nothing on the way makes them valid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.types import ASGIApp, Message


class Answer(NamedTuple):
    """What was sent, and the type of the error that went on to the server, if one did."""

    status: int | None
    headers: list[tuple[bytes, bytes]]
    body: bytes
    error: str | None

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: ASGIApp, scope: Mapping[str, Any], body: Sequence[Message] = ({"type": "http.request"},)
) -> Answer:
    """Send one request; `body` are the messages that the application receives, before the client leaves."""
    waiting = [dict(message) for message in body]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    whole = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
        "client": ("localhost", 1234),
        "root_path": "",
        **scope,
    }
    error = None
    try:
        await app(whole, receive, send)
    except Exception as caught:
        error = type(caught).__name__
    starts = [message for message in sent if message["type"] == "http.response.start"]
    bodies = [message.get("body", b"") for message in sent if message["type"] == "http.response.body"]
    assert len(starts) <= 1
    return Answer(
        starts[0]["status"] if starts else None,
        starts[0]["headers"] if starts else [],
        b"".join(bodies),
        error,
    )
