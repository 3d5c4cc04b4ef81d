"""What a page sees of notifications."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import httpx

from shared.generated.events import publish_user_created
from shared.generated.schemas import UserRead

NOW = datetime.now(UTC)


async def register(id: int, name: str) -> None:
    """Tell that a user was registered."""
    await publish_user_created(UserRead(id=id, name=name, is_admin=False, created_at=NOW, updated_at=NOW))


async def texts(service: str, last_event_id: str = "") -> AsyncGenerator[tuple[str, str], None]:
    """The text of each notification as it is requested, and the id of that event."""
    headers = {"last-event-id": last_event_id}
    client = httpx.AsyncClient(base_url=service, headers=headers, timeout=30, trust_env=False)
    async with client, client.stream("GET", "/notifications/live") as answer:
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            event[name] = value
            if not line and event.pop("event", None) == "notification.requested":
                yield json.loads(event["data"])["text"], event["id"]


async def test_a_page_sees_what_happens_and_what_it_has_missed(service: str) -> None:
    async with aclosing(texts(service)) as shown:
        await register(1, "Ada")
        text, last = await anext(shown)
    assert text == "Welcome, Ada!"

    await register(2, "Grace")
    async with aclosing(texts(service, last)) as shown:
        assert (await anext(shown))[0] == "Welcome, Grace!"
