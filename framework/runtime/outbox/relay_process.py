"""The relay of a service as a process of its own: `python -m framework.runtime.outbox.relay_process backend`.

It is told by the same environment as the service, which has `OUTBOX_RELAY=off`, and run in the folder of the
project. Any number may run; SIGTERM ends one when what was committed is published.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from framework.runtime.event_loop import loop_factory
from framework.runtime.service import ServiceParts

if TYPE_CHECKING:
    from framework.runtime.broker import EventBroker
    from framework.runtime.database import Database

_POLL_SECONDS: Final = 0.1
"""How often it looks for commits, none of which wakes it."""
_BROKER: Final = "shared.generated.events"


def main(arguments: Sequence[str]) -> None:
    """Relay for the service that is named. Raises SystemExit, with what to do, if that cannot be."""
    if len(arguments) != 1:
        raise SystemExit(
            "Which service? Write its name: python -m framework.runtime.outbox.relay_process backend"
        )
    (service,) = arguments
    broker, database = _parts_of(service)
    run_relay(service, broker, database)


def run_relay(service: str, broker: EventBroker, database: Database) -> None:
    """Relay what this service publishes, until SIGINT or SIGTERM.

    Raises SystemExit, after saying on standard error what to set, if a setting is missing or malformed.
    """
    parts = ServiceParts(service, broker, database, None, relay_poll=_POLL_SECONDS)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_run(parts))


async def _run(parts: ServiceParts) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with parts.running():
        await stopping.wait()


def _parts_of(service: str) -> tuple[EventBroker, Database]:
    """What the generated code makes for the service."""
    registry = f"services.{service}.src.generated.registry"
    try:
        is_there = find_spec(registry) is not None and find_spec(_BROKER) is not None
    except (ModuleNotFoundError, ValueError):
        is_there = False
    if not is_there:
        raise SystemExit(f"There is no code of a service {service!r} here: run this in the project's folder.")
    database = getattr(import_module(registry), "database", None)
    if database is None:
        raise SystemExit(f"{service} has no database, hence no outbox: it publishes straight to the broker.")
    return import_module(_BROKER).broker, database


if __name__ == "__main__":
    main(sys.argv[1:])
