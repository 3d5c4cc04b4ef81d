"""What the bot does in every project."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from framework.servers.redis import RedisServer
from framework.servers.telegram import TelegramApi
from framework.testkit import published
from services.tg_bot.src.handlers.command import NOT_PUBLISHED, PUBLISHED
from services.tg_bot.src.handlers.welcome import WELCOME
from shared.generated.events import COMMAND_RECEIVED, broker
from shared.generated.schemas import CommandReceived

pytestmark = pytest.mark.usefixtures("bot")


async def test_start_is_answered(telegram_api: TelegramApi) -> None:
    telegram_api.push_text("/start")

    await telegram_api.wait_for_message(containing=WELCOME, chat_id=42)


async def test_a_command_is_published(telegram_api: TelegramApi) -> None:
    telegram_api.push_text("/command hello Ødegård", user_id=43)

    await telegram_api.wait_for_message(containing=PUBLISHED, chat_id=43)
    (event,) = await published(broker, COMMAND_RECEIVED)
    command = CommandReceived.model_validate_json(event.data)
    assert (command.command, command.args) == ("/command hello Ødegård", ["hello", "Ødegård"])
    assert command.user_id == 43
    assert abs(datetime.now(UTC) - command.timestamp) < timedelta(minutes=1)
    assert (event.source, event.subject) == ("tg_bot", "43")


async def test_a_command_without_words_is_published(telegram_api: TelegramApi) -> None:
    telegram_api.push_text("/command")

    (event,) = await published(broker, COMMAND_RECEIVED)
    assert CommandReceived.model_validate_json(event.data).args == []


async def test_other_messages_are_left_alone(telegram_api: TelegramApi) -> None:
    telegram_api.push_text("hello")
    telegram_api.push_text("/unknown")
    telegram_api.push_text("/command")

    await telegram_api.wait_for_message(containing=PUBLISHED)
    assert [message.text for message in telegram_api.messages] == [PUBLISHED]


async def test_a_command_that_cannot_be_published_is_told_and_logged(
    telegram_api: TelegramApi, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.kill()

    telegram_api.push_text("/command hello")

    await telegram_api.wait_for_message(containing=NOT_PUBLISHED, chat_id=42)
    assert [record.levelno for record in caplog.records if "user 42" in record.message] == [logging.ERROR]


async def test_the_bot_goes_on_when_telegram_fails(telegram_api: TelegramApi) -> None:
    telegram_api.fail(500)
    telegram_api.push_text("/start")
    telegram_api.push_text("/command")

    await telegram_api.wait_for_message(containing=PUBLISHED)
