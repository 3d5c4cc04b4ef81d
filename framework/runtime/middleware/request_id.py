"""A name for every request, which its answer, its lines in the log and the calls that it leads to share."""

from __future__ import annotations

import re
from random import getrandbits
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framework.runtime.correlation import REQUEST_ID, begin_request, end_request

_HEADER: Final = REQUEST_ID.encode()
_SANE: Final = re.compile(rb"[A-Za-z0-9._~+/=:@-]{1,128}")
"""What a caller may choose: nothing that could end a line or a header."""


class RequestId:
    """Middleware. Takes the name that the caller gave, or else makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the name."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _HEADER), b"")
        name = given if _SANE.fullmatch(given) else b"%032x" % getrandbits(128)
        begun = begin_request(name.decode("ascii"))

        async def send_with_name(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (_HEADER, name)]
            await send(message)

        await self._app(scope, receive, send_with_name)
        # Only now, and not after an error: what nobody caught is answered and logged further out.
        end_request(begun)
