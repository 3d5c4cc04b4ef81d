from collections.abc import AsyncIterator

import pytest

from framework.runtime.broker import EventBroker


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[EventBroker]:
    broker = EventBroker(url=redis_url)
    broker.source = "tests"
    yield broker
    await broker.close()
