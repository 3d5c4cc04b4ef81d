"""What the generated `create_app()` calls: a service with its routes, event handlers, relay and health checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI

if TYPE_CHECKING:
    from framework.runtime.broker import EventBroker
    from framework.runtime.database import Database


def create_fastapi_app(
    *,
    service: str,
    description: str,
    broker: EventBroker,
    database: Database | None,
    api_router: APIRouter | None,
    register: Callable[[EventBroker], None] | None,
) -> FastAPI:
    """A service that answers HTTP; it also handles events if `register` declares handlers."""
    raise NotImplementedError


def create_worker_app(
    *,
    service: str,
    broker: EventBroker,
    database: Database | None,
    register: Callable[[EventBroker], None] | None,
) -> FastAPI:
    """A service that handles events; over HTTP it answers health checks only."""
    raise NotImplementedError
