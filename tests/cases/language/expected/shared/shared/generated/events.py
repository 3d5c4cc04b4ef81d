# Generated from shared/spec by `make generate-from-spec`. Do not edit.
"""The events of the project, as `shared/spec` describes them, and the broker that carries them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from framework.runtime.broker import EventBroker
from framework.runtime.events import EventDefinition, publish
from shared.generated.schemas import (
    AliasedKey,
    Case,
    CaseOpen,
    OperationFailed,
    ShelfRemoved,
    Sweep,
    ThingName,
)

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from sqlalchemy.ext.asyncio import AsyncSession

broker = EventBroker(stream_prefix="shop:")

CASE_CLOSED = EventDefinition(name="case.closed", message=CaseOpen, key=None)

CHECK_FAILED = EventDefinition(name="check.failed", message=OperationFailed, key=None)

MESSAGE_COPIED = EventDefinition(name="message.copied", message=AliasedKey, key="from_")

SHELF_REMOVED = EventDefinition(name="shelf.removed", message=ShelfRemoved, key=None)

SWEEP_DONE = EventDefinition(name="sweep.done", message=Sweep, key=None)

SWEEP_WANTED = EventDefinition(name="sweep.wanted", message=Sweep, key=None)

THING_ADDED = EventDefinition(name="thing.added", message=ThingName, key="id")

THING_CHECKED = EventDefinition(
    name="thing.checked",
    message=Case,
    key=None,
    retention=dt.timedelta(seconds=1, milliseconds=500),
)

THING_REMOVED = EventDefinition(
    name="thing.removed", message=ThingName, key="id", retention=dt.timedelta(days=1, hours=12)
)

broker.declare(
    CASE_CLOSED,
    CHECK_FAILED,
    MESSAGE_COPIED,
    SHELF_REMOVED,
    THING_ADDED,
    THING_CHECKED,
    THING_REMOVED,
)


async def publish_case_closed(
    event: CaseOpen,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `case.closed`."""
    await publish(broker, CASE_CLOSED, event, session)


async def publish_check_failed(
    event: OperationFailed,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `check.failed`."""
    await publish(broker, CHECK_FAILED, event, session)


async def publish_message_copied(
    event: AliasedKey,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `message.copied`."""
    await publish(broker, MESSAGE_COPIED, event, session)


async def publish_shelf_removed(
    event: ShelfRemoved,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `shelf.removed`."""
    await publish(broker, SHELF_REMOVED, event, session)


async def publish_sweep_done(
    event: Sweep,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `sweep.done`."""
    await publish(broker, SWEEP_DONE, event, session)


async def publish_sweep_wanted(
    event: Sweep,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `sweep.wanted`."""
    await publish(broker, SWEEP_WANTED, event, session)


async def publish_thing_added(
    event: ThingName,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `thing.added`: A thing is new.

    Told once, "\\\\ and \"\"\".
    """
    await publish(broker, THING_ADDED, event, session)


async def publish_thing_checked(
    event: Case,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `thing.checked`."""
    await publish(broker, THING_CHECKED, event, session)


async def publish_thing_removed(
    event: ThingName,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `thing.removed`."""
    await publish(broker, THING_REMOVED, event, session)
