# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `desk` consists of, wired."""

from fastapi import FastAPI

from framework.runtime.service import create_fastapi_app
from services.desk.src.generated.registry import create_api_router, register_event_handlers
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `desk`."""
    broker.source = "desk"
    return create_fastapi_app(
        service="desk",
        description="",
        broker=broker,
        database=None,
        api_router=create_api_router(),
        register=register_event_handlers,
    )
