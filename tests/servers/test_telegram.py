"""The Bot API of our own, as python-telegram-bot and as another process see it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes

from framework.servers.telegram import TelegramApi
from framework.testkit import eventually

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def ask(api: TelegramApi, path: str, content: object = None) -> Any:
    data = None if content is None else json.dumps(content).encode()
    request = Request(api.url + path, data=data, headers={"content-type": "application/json"})  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310
        body = answer.read()
    return json.loads(body) if body else None


@asynccontextmanager
async def running_bot(api: TelegramApi) -> AsyncIterator[AnyApplication]:
    application = ApplicationBuilder().token(api.token).base_url(f"{api.url}/bot").build()

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        assert update.effective_user
        await update.message.reply_text(f"Hello {update.effective_user.first_name} {context.args}")

    application.add_handler(CommandHandler("start", start))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling(timeout=10)
        yield application
        await application.updater.stop()
        await application.stop()


async def somebody_polls(api: TelegramApi) -> None:
    async def has_come() -> bool:
        return not api._chats.is_current(0)

    await eventually(has_come, within=60)


async def test_a_polling_bot_answers_a_command(telegram_api: TelegramApi) -> None:
    async with running_bot(telegram_api):
        telegram_api.push_text("/start now", user_id=7, first_name="Grace")
        message = await telegram_api.wait_for_message(containing="Hello")

    assert message.text == "Hello Grace ['now']"
    assert message.chat_id == 7


async def test_an_update_is_given_again_until_the_bot_moves_on(telegram_api: TelegramApi) -> None:
    number = telegram_api.push_text("hello")
    async with Bot(telegram_api.token, base_url=f"{telegram_api.url}/bot") as bot:
        assert [update.update_id for update in await bot.get_updates()] == [number]
        assert [update.update_id for update in await bot.get_updates()] == [number]
        assert not await bot.get_updates(offset=number + 1)
        assert not await bot.get_updates()


async def test_failures_come_as_asked_and_then_stop(telegram_api: TelegramApi) -> None:
    telegram_api.fail(429, retry_after=3)
    telegram_api.fail(502)
    telegram_api.fail(400, times=2)
    async with Bot(telegram_api.token, base_url=f"{telegram_api.url}/bot") as bot:
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(7, "hello")
        assert refused.value._retry_after.total_seconds() == 3
        with pytest.raises(NetworkError):
            await bot.send_message(7, "hello")
        for _ in range(2):
            with pytest.raises(BadRequest):
                await bot.send_message(7, "hello")
        await bot.send_message(7, "hello")

    assert [message.text for message in telegram_api.messages] == ["hello"]


@pytest.mark.parametrize("text", ["", "😀" * 2049])
async def test_a_text_that_telegram_refuses_is_refused(telegram_api: TelegramApi, text: str) -> None:
    async with Bot(telegram_api.token, base_url=f"{telegram_api.url}/bot") as bot:
        with pytest.raises(BadRequest):
            await bot.send_message(7, text)


async def test_a_malformed_token_is_refused(telegram_api: TelegramApi) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("42:no such token", base_url=f"{telegram_api.url}/bot"):
            pass


async def test_a_second_poller_ends_the_first_ones_wait(telegram_api: TelegramApi) -> None:
    path = f"/bot{telegram_api.token}/getUpdates"
    first = asyncio.create_task(asyncio.to_thread(ask, telegram_api, path + "?timeout=100"))
    await somebody_polls(telegram_api)

    await asyncio.to_thread(ask, telegram_api, path)

    with pytest.raises(HTTPError, match="409"):
        await first


async def test_another_process_controls_it_over_http(telegram_api: TelegramApi) -> None:
    ask(telegram_api, "/control/updates", {"text": "/start", "user_id": 9})
    async with running_bot(telegram_api):
        message = await telegram_api.wait_for_message(chat_id=9)

    assert ask(telegram_api, "/control/messages") == [
        {"message_id": message.message_id, "chat_id": 9, "text": "Hello Ada []"}
    ]
    ask(telegram_api, "/control/failures", {"status": 500})
    with pytest.raises(HTTPError, match="500"):
        ask(telegram_api, f"/bot{telegram_api.token}/sendMessage", {"chat_id": 9, "text": "hello"})


async def test_waiting_in_vain_tells_what_was_sent(telegram_api: TelegramApi) -> None:
    ask(telegram_api, f"/bot{telegram_api.token}/sendMessage", {"chat_id": 9, "text": "something else"})

    with pytest.raises(TimeoutError, match="something else"):
        await telegram_api.wait_for_message(containing="hello", within=0.05)


async def test_closed_it_answers_a_long_poll() -> None:
    api = TelegramApi()
    path = f"/bot{api.token}/getUpdates?timeout=100"
    polling = asyncio.create_task(asyncio.to_thread(ask, api, path))
    await somebody_polls(api)

    await asyncio.to_thread(api.close)

    assert await polling == {"ok": True, "result": []}
    assert not api._thread.is_alive()
