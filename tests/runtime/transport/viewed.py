"""A service that shows notes to browsers; `viewed_process.py` has it for a process of its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.sse import EventSourceResponse

from framework.runtime.broker import EventBroker
from framework.runtime.feed import Feed, FeedEvents
from framework.runtime.service import create_fastapi_app
from tests.runtime.transport.support import NOTE_FAILED, NOTED


def create_app(broker: EventBroker) -> FastAPI:
    """The service: a new viewer sees two notes, and there are three viewers at most."""
    router = APIRouter()
    feed = Feed(broker, NOTED, NOTE_FAILED, newest=2, most_viewers=3)

    @router.get("/live", response_class=EventSourceResponse)
    async def live(events: Annotated[FeedEvents, Depends(feed)]) -> FeedEvents:
        async for event in events:
            yield event

    return create_fastapi_app(
        service="viewed", description="", broker=broker, database=None, api_router=router, register=None
    )
