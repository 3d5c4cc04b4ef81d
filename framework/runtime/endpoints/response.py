"""What an endpoint answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.types import Send

Header = tuple[bytes, bytes]
"""A header as ASGI has it: the name in lower case."""

_JSON: Final = (b"content-type", b"application/json")
_PLAIN: Final[tuple[Header, ...]] = (_JSON,)
_EMPTY: Final[Mapping[int, tuple[Header, ...]]] = {204: (_JSON,), 304: ()}
"""What FastAPI says of bodies where there is none; of others that they are empty."""
_NO_BYTES: Final[tuple[Header, ...]] = ((b"content-length", b"0"),)


class Response:
    """A status and a body that is encoded already; without one the answer is empty."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes | None = None, headers: Sequence[Header] = ()) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    async def send(self, send: Send) -> None:
        """Answer with it."""
        body = self.body
        headers = _PLAIN if body is not None else _EMPTY.get(self.status, _NO_BYTES)
        if self.headers:
            headers = (*headers, *self.headers)
        # Our own server takes it in one piece, where nobody stands between.
        at_once = getattr(getattr(send, "__self__", None), "answer_at_once", None)
        if at_once is not None and at_once(self.status, headers, body):
            return
        length = [] if body is None else [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": self.status, "headers": [*length, *headers]})
        await send({"type": "http.response.body", "body": body or b""})
