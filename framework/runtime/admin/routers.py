"""Which routers the administration of a service consists of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter

from framework.runtime.admin.dead_letters import dead_letters_router

if TYPE_CHECKING:
    from framework.runtime.operations.running import RunningService


def admin_routers(service: RunningService) -> Iterator[APIRouter]:
    """The routers, with paths below `/admin`, of what the service has."""
    if service.handles_events:
        events = {each.event.name for each in service.broker.subscriptions if each.group == service.name}
        yield dead_letters_router(lambda: service.broker.dead_letters(service.name), events)
    if service.database is not None:
        from framework.runtime.admin.outbox import outbox_router

        yield outbox_router(service.database)
