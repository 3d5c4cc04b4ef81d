"""The channels by themselves."""

import logging

import pytest

from framework.servers.telegram import TelegramApi
from services.notifications.src.channels import LogChannel, TelegramChannel
from services.notifications.src.channels.base import RefusedError
from services.notifications.src.channels.telegram import TelegramUnavailableError

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def channel(telegram_api: TelegramApi) -> TelegramChannel:
    return TelegramChannel(telegram_api.url, telegram_api.token)


async def test_telegram_shows_the_text_in_the_chat(
    channel: TelegramChannel, telegram_api: TelegramApi
) -> None:
    await channel.send(42, "Hello, Ødegård! 👋")

    (message,) = telegram_api.messages
    assert (message.chat_id, message.text) == (42, "Hello, Ødegård! 👋")


@pytest.mark.parametrize("letter", ["x", "👋"])
async def test_a_text_is_cut_to_what_telegram_takes(
    channel: TelegramChannel, telegram_api: TelegramApi, letter: str
) -> None:
    await channel.send(42, "." + letter * 5_000)

    (message,) = telegram_api.messages
    assert message.text.rstrip(letter) == "."
    assert 4095 <= len(message.text.encode("utf-16-le")) // 2 <= 4096


@pytest.mark.parametrize("status", [400, 403])
async def test_some_refusals_are_for_good(
    channel: TelegramChannel, telegram_api: TelegramApi, status: int
) -> None:
    telegram_api.fail(status)

    with pytest.raises(RefusedError, match="Telegram refused the message"):
        await channel.send(42, "Hello!")


@pytest.mark.parametrize("status", [401, 404, 429, 500, 502])
async def test_other_failures_may_pass(
    channel: TelegramChannel, telegram_api: TelegramApi, status: int
) -> None:
    telegram_api.fail(status)

    with pytest.raises(TelegramUnavailableError, match=f"Telegram answered {status}"):
        await channel.send(42, "Hello!")
    await channel.send(42, "Hello again!")


async def test_a_failure_does_not_tell_the_token(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramUnavailableError) as raised:
        await TelegramChannel(NOBODY_LISTENS, "42:secret").send(42, "Hello!")

    assert "secret" not in str(raised.value)
    assert "secret" not in caplog.text


async def test_the_log_holds_one_line_per_notification(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    await LogChannel().send(42, "one\ntwo")

    assert [record.getMessage() for record in caplog.records] == ["notification for 42: 'one\\ntwo'"]
