"""Uvicorn's own HTTP, with a shorter way for requests and answers that are whole.

ASGI hands out a body by an event that is waited for, and takes an answer in two messages: uvicorn looks at
each header anew, and writes twice. A body that has arrived can be taken at once instead, and an answer that
is complete be given at once. The bytes are the same.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

TESTED: Final = ((0, 54), (0, 55))
"""The uvicorn that this was held against: from the first version on, up to before the second."""
JOINED: Final = 64 * 1024
"""Bytes of a body up to which it is copied behind its head, so that both are one write."""
_LINES: Final = 1024
"""Headers of answers whose lines are kept."""


def is_tested(version: str) -> bool:
    """Whether a version of uvicorn works as tests have shown."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    return TESTED[0] <= numbers < TESTED[1]


class _UnusualHeaderError(Exception):
    """A header that is not valid, or of which uvicorn does more than to send it."""


@lru_cache(_LINES)
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(map(_line, headers))


def _line(header: tuple[bytes, bytes]) -> bytes:
    name, value = header
    is_about_sending = name in {b"connection", b"transfer-encoding"}
    if is_about_sending or not name.islower() or HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise _UnusualHeaderError
    return b"%b: %b\r\n" % header


class ShortcutCycle(RequestResponseCycle):
    """A request that can be read, and answered, at once."""

    def body_at_once(self, limit: int | None) -> bytes | None:
        """The whole body, if nothing of it was received and it is there; None if `receive` must be asked.

        That is so as well where it has more than `limit` bytes.
        """
        if self.more_body or self.waiting_for_100_continue or self.disconnected or self.response_complete:
            return None
        if limit is not None and len(self.body) > limit:
            return None
        self.flow.resume_reading()
        self.message_event.clear()
        body = bytes(self.body)
        self.body = bytearray()
        return body

    def answer_at_once(
        self, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None
    ) -> bool:
        """Give the whole answer; False if nothing was done, and `send` must be told.

        The length of a body stands before `headers`; without one it is theirs to say that there is none.
        """
        if (
            self.response_started
            or self.disconnected
            or not self.keep_alive
            or self.access_log
            or self.flow.write_paused
            or self.scope["method"] == "HEAD"
        ):
            return False
        try:
            general, lines = _lines(tuple(self.default_headers)), _lines(headers)
        except _UnusualHeaderError:
            return False
        if body is None:
            self.transport.write(b"%b%b%b\r\n" % (STATUS_LINE[status], general, lines))
        else:
            head = b"%b%bcontent-length: %d\r\n%b\r\n" % (STATUS_LINE[status], general, len(body), lines)
            if len(body) <= JOINED:
                self.transport.write(head + body)
            else:
                self.transport.write(head)
                self.transport.write(body)
        self.waiting_for_100_continue = False
        self.response_started = self.response_complete = True
        self.message_event.set()
        self.on_response()
        return True


class ShortcutProtocol(HttpToolsProtocol):
    """A connection whose requests are such, and on which no request moves the timer of idle connections."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._idle_since: float | None = None
        self._idle_look: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._idle_look is not None:
            self._idle_look.cancel()
            self._idle_look = None
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Go on to the next request, or wait for it."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._idle_since = self.loop.time()
        if self._idle_look is None:
            self._idle_look = self.loop.call_later(self.timeout_keep_alive, self._look_for_idleness)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.__class__ = ShortcutCycle
        super()._start_asgi_task(cycle, app)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def _look_for_idleness(self) -> None:
        """Close the connection if nothing was asked on it for as long as it is kept alive."""
        self._idle_look = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._idle_look = self.loop.call_later(left, self._look_for_idleness)
        else:
            self.timeout_keep_alive_handler()
