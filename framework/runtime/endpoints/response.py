"""What an endpoint answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.types import Send

Headers = Sequence[tuple[bytes, bytes]]
"""Headers as ASGI has them: names in lower case."""

_JSON: Final = (b"content-type", b"application/json")
_EMPTY: Final[Mapping[int, Headers]] = {204: (_JSON,), 304: ()}
"""What FastAPI says of bodies where there is none; of others that they are empty."""
_NO_BYTES: Final = ((b"content-length", b"0"),)


class Response:
    """A status and a body that is encoded already; without one the answer is empty."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes | None = None, headers: Headers = ()) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    async def send(self, send: Send) -> None:
        """Answer with it."""
        body = self.body
        if body is None:
            body = b""
            headers = [*_EMPTY.get(self.status, _NO_BYTES), *self.headers]
        else:
            headers = [(b"content-length", b"%d" % len(body)), _JSON, *self.headers]
        # Our own server takes it in one piece, where nobody stands between.
        at_once = getattr(getattr(send, "__self__", None), "answer_at_once", None)
        if at_once is not None and at_once(self.status, headers, body):
            return
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
