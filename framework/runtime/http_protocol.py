"""HTTP as uvicorn speaks it, with limits for clients that send too much or too slowly.

    uvicorn --http framework.runtime.http_protocol:HttpProtocol …

Uvicorn itself takes headers of any size, and waits for the rest of a request for ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from framework.runtime.http_settings import HttpSettings
from framework.runtime.http_shortcuts import ShortcutProtocol, is_tested
from framework.runtime.problems import MEDIA_TYPE, phrase
from framework.runtime.settings import load

if TYPE_CHECKING or is_tested(uvicorn.__version__):
    _Uvicorn = ShortcutProtocol
else:
    _Uvicorn = HttpToolsProtocol
    logging.getLogger(__name__).warning(
        "shortcuts were not tested with uvicorn %s: it does everything itself", uvicorn.__version__
    )

MAX_HEAD_SIZE: Final = 64 * 1024
"""Bytes of a request's line and headers that may arrive before they are complete; more is answered 431."""
LINGERING: Final = 1.0
"""Seconds for which what a refused client still sends is taken, and thrown away."""


@cache
def _timeout() -> float:
    return load(HttpSettings).request_timeout


class HttpProtocol(_Uvicorn):
    """One connection.

    A request that is not complete in time is answered 408, and the connection closed, as is one on which
    nothing was ever asked. No request pays for that: a connection looks at itself each time the timeout has
    passed, and so a client may have up to twice as long.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timeout = _timeout()
        self._look: asyncio.TimerHandle | None = None
        self._incomplete: object = None
        """What was incomplete when the connection looked last."""
        self._head_size = 0
        self._is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._incomplete = self._expected()
        self._look = self.loop.call_later(self._timeout, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._look is not None:
            self._look.cancel()
            self._look = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        if self._is_refused:
            return
        super().data_received(data)
        if not self._is_in_head():
            self._head_size = 0
            return
        self._head_size += len(data)
        if self._head_size > MAX_HEAD_SIZE and not self.transport.is_closing():
            self._refuse(431)

    def _is_in_head(self) -> bool:
        """Whether a request has begun whose headers are not complete."""
        return self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)

    def _look_again(self) -> None:
        # A connection that became a websocket is not ours any more.
        if self.transport.is_closing() or self not in self.connections:
            return
        incomplete = self._expected()
        if incomplete is not None and incomplete is self._incomplete:
            self._refuse(408)
            return
        self._incomplete = incomplete
        self._look = self.loop.call_later(self._timeout, self._look_again)

    def _expected(self) -> object:
        """What the client has begun and not completed: a request, or the first of all; None if nothing."""
        if self.scope is None:
            return self
        if self._is_in_head():
            return self.scope if self._may_answer() else None
        # Where reading is paused it is the service that is slow.
        return self.scope if self.cycle.more_body and not self.flow.read_paused else None

    def _may_answer(self) -> bool:
        """Whether no answer is under way."""
        if self._is_in_head():
            return self.cycle is None or self.cycle.response_complete
        return self.scope is not None and not self.cycle.response_started

    def _refuse(self, status: int) -> None:
        """Answer, unless an answer is under way, and close the connection."""
        self._is_refused = True
        if not self._may_answer():
            self.transport.close()
            return
        title = phrase(status)
        problem = {"type": "about:blank", "title": title, "status": status, "code": f"http-{status}"}
        body = json.dumps(problem).encode()
        self.transport.write(
            b"%bcontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (STATUS_LINE[status], MEDIA_TYPE.encode(), len(body), body)
        )
        self._linger()

    def _linger(self) -> None:
        """Close for writing at once, for reading a little later.

        If a connection is closed on a client that is still sending, the answer may be lost with what was
        sent (RFC 9112, section 9.6).
        """
        if not self.transport.can_write_eof():
            self.transport.close()
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write_eof()
        if self._look is not None:
            self._look.cancel()
        self._look = self.loop.call_later(LINGERING, self.transport.close)
