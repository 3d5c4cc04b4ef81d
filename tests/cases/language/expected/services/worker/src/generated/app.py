# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `worker` consists of, wired."""

from fastapi import FastAPI

from framework.runtime.service import create_worker_app
from services.worker.src.generated.registry import register_event_handlers
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `worker`."""
    broker.source = "worker"
    return create_worker_app(
        service="worker",
        broker=broker,
        database=None,
        register=register_event_handlers,
    )
