"""Routes written by hand: notifications for pages that are to show them as they happen."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse

from framework.runtime.feed import Feed, FeedEvents
from shared.generated.events import NOTIFICATION_FAILED, NOTIFICATION_REQUESTED, NOTIFICATION_SENT, broker

router = APIRouter()
feed = Feed(broker, NOTIFICATION_REQUESTED, NOTIFICATION_SENT, NOTIFICATION_FAILED)


@router.get("/notifications/live", response_class=EventSourceResponse)
async def live(events: Annotated[FeedEvents, Depends(feed)]) -> FeedEvents:
    """The newest notifications, and then all that happens to any; who comes back has missed nothing."""
    async for event in events:
        yield event
