"""A second HTTP server in the event loop of a process that has something else to do."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from framework.runtime.addresses import HostError, own_addresses
from framework.runtime.http_protocol import HttpProtocol
from framework.runtime.tasks import end

logger = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 1.0
_FAREWELL: Final = 2.0
"""Seconds that running requests get when the server stops."""


@asynccontextmanager
async def listening(app: ASGIApp, hosts: str, port: int) -> AsyncIterator[None]:
    """Serve `app` for the block, at names or addresses of this machine, separated by commas.

    While something else holds the port that is told, and tried again.
    """
    listener = _Listener(app, hosts, port)
    serving = asyncio.create_task(listener.run(), name=f"listener:{port}")
    try:
        yield
    finally:
        listener.stop()
        await end([serving], _FAREWELL)


class _Listener:
    def __init__(self, app: ASGIApp, hosts: str, port: int) -> None:
        self._hosts = hosts
        self._port = port
        self._server = _Server(
            uvicorn.Config(
                app,
                http=HttpProtocol,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )

    async def run(self) -> None:
        bound = await self._bind()
        for each in bound:
            logger.info("operations are at http://%s:%d", *each.getsockname()[:2])
        await self._server.serve(bound)

    def stop(self) -> None:
        self._server.should_exit = True

    async def _bind(self) -> list[socket.socket]:
        is_told = False
        while True:
            try:
                return _bound(self._hosts, self._port)
            except (OSError, HostError) as error:
                if not is_told:
                    place = (self._port, self._hosts)
                    logger.error("port %d of %s is not to be had, waiting: %s", *place, error)
                is_told = True
            await asyncio.sleep(_RETRY_SECONDS)


def _bound(hosts: str, port: int) -> list[socket.socket]:
    with ExitStack() as opened:
        sockets = []
        for address in own_addresses(hosts):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            sockets.append(opened.enter_context(socket.create_server((address, port), family=family)))
        opened.pop_all()
        return sockets


class _Server(uvicorn.Server):
    """Leaves the signals of the process to whoever has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
