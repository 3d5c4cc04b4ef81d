"""From an event to a message that was sent, through a real Redis and a real database."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from framework.servers.telegram import TelegramApi
from framework.testkit import Events, eventually
from services.notifications.src.generated.registry import database
from services.notifications.src.models import Notification
from shared.generated.events import (
    NOTIFICATION_FAILED,
    NOTIFICATION_REQUESTED,
    USER_CREATED,
    publish_command_received,
    publish_user_created,
)
from shared.generated.schemas import CommandReceived, UserRead

pytestmark = pytest.mark.usefixtures("service")

NOW = datetime.now(UTC)
ADA = UserRead(
    id=1, name="Ada", email="ada@example.org", telegram_id=42, is_admin=False, created_at=NOW, updated_at=NOW
)
HELLO = CommandReceived(command="/command hello", args=["hello"], user_id=43, timestamp=NOW)


async def stored() -> Sequence[Notification]:
    async with database.session() as session:
        return (await session.scalars(select(Notification).order_by(Notification.id))).all()


async def are_sent(count: int) -> bool:
    return sum(notification.sent_at is not None for notification in await stored()) == count


async def test_a_new_user_is_welcomed(telegram_api: TelegramApi) -> None:
    await publish_user_created(ADA)

    await telegram_api.wait_for_message(containing="Ada", chat_id=42)
    await eventually(lambda: are_sent(1))
    (notification,) = await stored()
    assert notification.recipient == 42
    assert notification.sent_at is not None
    assert notification.created_at <= notification.sent_at


async def test_a_command_is_answered(telegram_api: TelegramApi) -> None:
    await publish_command_received(HELLO)

    await telegram_api.wait_for_message(containing="/command hello", chat_id=43)
    await eventually(lambda: are_sent(1))


async def test_the_same_event_twice_is_recorded_once(telegram_api: TelegramApi, events: Events) -> None:
    for _ in range(2):
        await events.deliver(USER_CREATED, ADA, event_id="the same")

    await eventually(lambda: are_sent(1))
    assert len(await stored()) == 1
    assert len(await events.published(NOTIFICATION_REQUESTED)) == 1
    assert len(telegram_api.messages) == 1


async def test_who_has_no_telegram_id_is_notified_in_the_log(
    telegram_api: TelegramApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    await publish_user_created(ADA.model_copy(update={"telegram_id": None}))

    await eventually(lambda: are_sent(1))
    assert "Welcome, Ada!" in caplog.text
    assert telegram_api.messages == []


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_telegram_is_tried_again(telegram_api: TelegramApi, status: int) -> None:
    telegram_api.fail(status)

    await publish_user_created(ADA)

    await eventually(lambda: are_sent(1))
    assert len(telegram_api.messages) == 1


@pytest.mark.parametrize("status", [400, 403])
async def test_what_telegram_refuses_is_told_and_not_sent(
    telegram_api: TelegramApi, events: Events, status: int
) -> None:
    telegram_api.fail(status, times=1_000)

    await publish_user_created(ADA)

    (failure,) = await events.published(NOTIFICATION_FAILED)
    assert (failure.operation, failure.code) == ("notifications.send_notification", "refused")
    assert telegram_api.token not in failure.message
    assert await are_sent(0)
