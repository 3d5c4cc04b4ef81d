"""The services that a process calls: for each one pool of connections, shared by all its clients.

A running service keeps them to its end; elsewhere, as in a script, they last as long as a client is open.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from framework.runtime.calls.circuit_breaker import CircuitBreaker
from framework.runtime.calls.retry_budget import RetryBudget

if TYPE_CHECKING:  # a service that calls nobody does not load httpx
    import httpx

KEEP_ALIVE: Final = 4.0
"""Seconds that an idle connection is kept: less than uvicorn's 5, so that none is closed under a call."""
CONNECTIONS: Final = 100


class Target:
    """A service as one process sees it."""

    def __init__(self, base_url: httpx.URL, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base_url = base_url
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self.users = 0
        """Clients that are open."""
        self.budget = RetryBudget()
        self.breaker = CircuitBreaker(f"{base_url.scheme}://{base_url.netloc.decode()}")

    @property
    def client(self) -> httpx.AsyncClient:
        """What sends requests; made when it is first asked for."""
        if self._client is None:
            self._client = self._open()
        return self._client

    def _open(self) -> httpx.AsyncClient:
        import httpx

        return httpx.AsyncClient(
            base_url=self._base_url,
            transport=self._transport,
            limits=httpx.Limits(
                max_connections=CONNECTIONS,
                max_keepalive_connections=CONNECTIONS,
                keepalive_expiry=KEEP_ALIVE,
            ),
            # A proxy meant for the internet does not know the services of this system.
            trust_env=False,
            verify=_certificates() if self._base_url.scheme == "https" else False,
        )

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


class Targets:
    """Those of one event loop."""

    def __init__(self) -> None:
        self._known: dict[str, Target] = {}
        self._keepers = 0

    @property
    def are_kept(self) -> bool:
        """Whether they outlast the clients, as they do in a running service."""
        return self._keepers > 0

    def find(self, base_url: httpx.URL) -> Target:
        """The service at this address."""
        found = self._known.get(str(base_url))
        if found is None:
            found = self._known[str(base_url)] = Target(base_url)
        return found

    async def release(self, target: Target) -> None:
        """Take it that a client has been closed."""
        target.users -= 1
        if target.users == 0 and not (self.are_kept and target in self._known.values()):
            await target.close()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep connections for the block, whoever opens clients in it, and close them at its end."""
        self._keepers += 1
        try:
            yield
        finally:
            self._keepers -= 1
            if not self.are_kept:
                for target in self._known.values():
                    if target.users == 0:
                        await target.close()


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Targets] = WeakKeyDictionary()


def targets() -> Targets:
    """Those of the running event loop, to which their connections belong."""
    return _of_loops.setdefault(asyncio.get_running_loop(), Targets())


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()  # takes 20 ms
