"""Which routers the administration of a service consists of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter

if TYPE_CHECKING:
    from framework.runtime.operations_port import RunningService


def admin_routers(service: RunningService) -> Iterator[APIRouter]:
    """The routers, with paths below `/admin`, of what the service has."""
    yield from ()
