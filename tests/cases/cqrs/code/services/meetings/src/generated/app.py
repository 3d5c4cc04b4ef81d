"""Everything that the service `meetings` consists of, wired by hand: see `custom` in services.yml."""

from functools import partial

from fastapi import FastAPI

from framework.runtime.service import create_fastapi_app
from services.meetings.src.container import container
from services.meetings.src.controllers.meetings import MeetingsController
from services.meetings.src.generated.registry import (
    create_api_router,
    database,
    register_event_handlers,
)
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `meetings`."""
    broker.source = "meetings"
    resolve = partial(container.get, MeetingsController)
    return create_fastapi_app(
        service="meetings",
        description="Who is in which meeting.",
        broker=broker,
        database=database,
        api_router=create_api_router(get_meetings_controller=resolve),
        register=partial(register_event_handlers, get_meetings_controller=resolve),
    )
