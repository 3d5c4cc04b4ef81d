"""The running project that a command of administration is about: its services and the broker between them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from framework.dev.environment import read_environment
from framework.dev.errors import DevelopmentError
from framework.dev.servers import running_redis
from framework.diagnostics import did_you_mean
from framework.load import load
from framework.resolve import resolve
from framework.runtime.broker import EventBroker
from framework.runtime.dead_letters import DeadLetters
from framework.runtime.transport import BrokerNotConfigured, BrokerRefused, BrokerUnavailable


@dataclass(frozen=True, slots=True)
class Site:
    """A project at work."""

    services: tuple[str, ...]
    """Those that its specs list."""
    broker: EventBroker

    async def dead_letters(self, service: str | None) -> list[DeadLetters]:
        """Those of one service, or of all that have any. Raises `DevelopmentError` for a service unknown."""
        found = await self.broker.dead_letter_services()
        if service is None:
            return [self.broker.dead_letters(name) for name in found]
        if service not in (*found, *self.services):
            hint = did_you_mean(service, (*found, *self.services))
            raise DevelopmentError(f"There is no service {service!r}; {hint}".removesuffix("; "))
        return [self.broker.dead_letters(service)]


def administrate(root: Path, work: Callable[[Site], Awaitable[int]]) -> int:
    """Do `work` on the project at `root`, and return its exit status; 1 when something is in its way."""
    try:
        return asyncio.run(_administrate(root.resolve(), work))
    except DevelopmentError as error:
        print(error, file=sys.stderr)
        return 1


async def _administrate(root: Path, work: Callable[[Site], Awaitable[int]]) -> int:
    async with _open(root) as site:
        return await work(site)


@asynccontextmanager
async def _open(root: Path) -> AsyncIterator[Site]:
    """Mistakes in the specs do not matter here: a running project can be looked after while they change."""
    specs, diagnostics = load(root)
    if specs.services is None:
        raise DevelopmentError(
            "services.yml cannot be read: run this in the project's folder; `make validate-specs` tells more"
        )
    system = resolve(specs, diagnostics)
    url, cure = _redis(root)
    broker = EventBroker(stream_prefix=system.stream_prefix, url=url)
    try:
        yield Site(tuple(service.name for service in system.services), broker)
    except BrokerUnavailable as error:
        raise DevelopmentError(f"No Redis answers at {_address(url)} ({error}): {cure}") from error
    except BrokerRefused as error:
        raise DevelopmentError(f"Redis at {_address(url)} refuses: {error}") from error
    except BrokerNotConfigured as error:
        raise DevelopmentError(str(error)) from error
    finally:
        await broker.close()


def _redis(root: Path) -> tuple[str, str]:
    """The URL of the Redis that the project uses, and what helps if that does not answer."""
    if url := read_environment(root).get("REDIS_URL"):
        return url, "start it, or correct REDIS_URL in .env or the environment"
    if url := running_redis(root):
        return url, "start `make dev` again"
    raise DevelopmentError(
        "There is no Redis to ask: start `make dev`, or set REDIS_URL in .env or the environment"
    )


def _address(url: str) -> str:
    """Where it is, without its password."""
    parsed = urlsplit(url)
    return parsed.netloc.rpartition("@")[2] or parsed.path
