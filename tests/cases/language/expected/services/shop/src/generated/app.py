# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `shop` consists of, wired."""

from fastapi import FastAPI

from framework.runtime.service import create_fastapi_app
from services.shop.src.generated.registry import (
    create_api_router,
    database,
    register_event_handlers,
)
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `shop`."""
    broker.source = "shop"
    return create_fastapi_app(
        service="shop",
        description='Sells "things"; knows C:\\temp, """quotes""" and {braces}.',
        broker=broker,
        database=database,
        api_router=create_api_router(),
        register=register_event_handlers,
    )
