"""How large a body may be."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_SIZE: Final = 10 * 1024 * 1024
"""Bytes of a request's body; more is answered 413. Routes written by hand may have their `max_body_size`."""


class BodyLimit:
    """Middleware. Starlette's own stands in every request's way, and answers in words of its own."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_SIZE) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a body that may be too large is counted while it is read."""
        if scope["type"] == "http":
            receive = limited(scope, receive, self._limit)
        await self._app(scope, receive, send)


def limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    """What receives a body, and raises HTTPException(413) where that has more than `limit` bytes."""
    declared = _declared(scope)
    if declared is None or declared > limit:
        return _counted(scope, receive, limit, declared or 0)
    return receive


def _counted(scope: Scope, receive: Receive, limit: int, declared: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        # That of the route, which is known by now.
        largest = scope.get(MAX_BODY_SIZE_SCOPE_KEY, limit)
        if declared > largest:
            raise HTTPException(413)
        message = await receive()
        size += len(message.get("body", b""))
        if size > largest:
            raise HTTPException(413)
        return message

    return counted


def _declared(scope: Scope) -> int | None:
    """The size of the body in bytes; None if only its end will tell."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
        if name == b"transfer-encoding":
            return None
    return 0
