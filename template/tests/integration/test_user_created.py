"""backend -> notifications: who registers is welcomed."""

import pytest

from framework.servers.telegram import TelegramApi
from framework.testkit import Clients

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_who_registers_is_welcomed_even_if_the_other_service_comes_later(
    clients: Clients, telegram_api: TelegramApi
) -> None:
    backend = await clients.of("backend")
    assert (await backend.post("/users", json={"name": "Ada", "telegram_id": 42})).status_code == 201
    await clients.of("notifications", NOTIFICATIONS_CHANNEL="telegram")
    assert (await backend.post("/users", json={"name": "Grace", "telegram_id": 43})).status_code == 201

    await telegram_api.wait_for_message(containing="Ada", chat_id=42, within=30)
    await telegram_api.wait_for_message(containing="Grace", chat_id=43, within=30)
