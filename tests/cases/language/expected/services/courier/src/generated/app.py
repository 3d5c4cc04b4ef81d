# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `courier` consists of, wired."""

from fastapi import FastAPI

from framework.runtime.service import create_fastapi_app
from framework.runtime.settings import load
from services.courier.src.generated.clients.desk import DeskSettings
from services.courier.src.generated.clients.shop import ShopSettings
from services.courier.src.generated.registry import create_api_router
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `courier`."""
    # What is missing is told now, and not at the first call.
    load(DeskSettings)
    load(ShopSettings)
    broker.source = "courier"
    return create_fastapi_app(
        service="courier",
        description="Calls others and has nothing of its own.",
        broker=broker,
        database=None,
        api_router=create_api_router(),
        register=None,
    )
