"""A bot as a process of its own, with a Bot API over real HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.wire import decode
from framework.runtime.telegram import APOLOGY, create_bot
from framework.servers.ports import NOBODY, free_port
from framework.servers.redis import RedisServer
from framework.servers.telegram import TelegramApi
from tests.runtime.transport import bot_handlers
from tests.runtime.transport.processes import ROOT, START
from tests.runtime.transport.support import STREAM, until

pytestmark = pytest.mark.timeout(900)


class Bot:
    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        self._log = log
        with log.open("wb") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "tests.runtime.transport.bot"],
                env=environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def run(tmp_path: Path, redis_url: str, telegram_api: TelegramApi) -> Iterator[Callable[..., Bot]]:
    started: list[Bot] = []

    def start(**variables: Any) -> Bot:
        environment = {
            **os.environ,
            "REDIS_URL": redis_url,
            "TELEGRAM_API_URL": telegram_api.url,
            "TELEGRAM_BOT_TOKEN": telegram_api.token,
            **variables,
        }
        bot = Bot(tmp_path / "log", {name: value for name, value in environment.items() if value is not None})
        started.append(bot)
        return bot

    yield start
    for bot in started:
        bot.popen.kill()
        bot.popen.wait()


async def test_a_bot_publishes_and_stops_in_order(
    broker: EventBroker, telegram_api: TelegramApi, run: Callable[..., Bot]
) -> None:
    bot = run()
    telegram_api.push_text("/note Привет 🙂")
    await telegram_api.wait_for_message(containing="noted", within=START)
    ((_, fields),) = await broker.redis.xrange(STREAM)  # type: ignore[misc]
    assert "Привет 🙂".encode() in decode(fields).data  # type: ignore[arg-type]
    bot.popen.send_signal(signal.SIGTERM)
    assert bot.popen.wait(60) == 0
    assert "Traceback" not in bot.log
    assert telegram_api.token.split(":")[1] not in bot.log


async def test_what_a_handler_does_not_deal_with_is_logged_and_told_to_the_chat(
    telegram_api: TelegramApi, run: Callable[..., Bot]
) -> None:
    bot = run()
    telegram_api.push_text("/fail")
    message = await telegram_api.wait_for_message(within=START)
    assert message.text == APOLOGY
    await until(lambda: "LookupError: a secret of the bot" in bot.log)


async def test_without_redis_a_bot_answers_and_says_so(
    redis_server: RedisServer, telegram_api: TelegramApi, run: Callable[..., Bot]
) -> None:
    redis_server.kill()
    bot = run()
    telegram_api.push_text("/note a")
    await telegram_api.wait_for_message(containing="not noted", within=START)
    await until(lambda: bot.log.count("Redis is down, waiting for it") == 1)
    redis_server.start()
    await until(lambda: "Redis is back" in bot.log)
    telegram_api.clear()
    telegram_api.push_text("/note b")
    assert (await telegram_api.wait_for_message(within=60)).text == "noted"
    bot.popen.send_signal(signal.SIGTERM)
    assert bot.popen.wait(60) == 0


async def test_a_bot_answers_health_checks_also_while_telegram_is_away(
    redis_server: RedisServer, telegram_api: TelegramApi, run: Callable[..., Bot]
) -> None:
    telegram_api.fail(502, method="getMe", times=1000)
    port = free_port()
    bot = run(OPERATIONS_PORT=str(port), ADMIN_TOKEN="secret")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        await until(lambda: _answers(client, "/health/live"), START)
        await until(lambda: _is_told(client, {"status": "starting", "checks": {"broker": "up"}}))
        assert (await client.get("/admin/")).status_code == 401
        telegram_api.clear()
        await until(lambda: _answers(client, "/health/ready"))
        redis_server.kill()
        await until(lambda: _is_told(client, {"status": "unavailable", "checks": {"broker": "down"}}))
        assert (await client.get("/health/live")).status_code == 200
    bot.popen.send_signal(signal.SIGTERM)
    assert bot.popen.wait(60) == 0
    assert "Traceback" not in bot.log, bot.log


async def _answers(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path)).is_success
    except httpx.TransportError:
        return False


async def _is_told(client: httpx.AsyncClient, unready: dict[str, Any]) -> bool:
    """Whether it is not ready for this reason, and not because a check took too long."""
    answer = await client.get("/health/ready")
    return (answer.status_code, answer.json()) == (503, unready)


async def test_telegram_may_be_away_at_the_start(telegram_api: TelegramApi, run: Callable[..., Bot]) -> None:
    telegram_api.fail(502, method="getMe", times=2)
    bot = run()
    telegram_api.push_text("/note a")
    await telegram_api.wait_for_message(containing="noted", within=START)
    assert bot.log.count("Telegram is out of reach") == 1
    assert "Telegram is within reach again" in bot.log


async def test_a_token_that_telegram_does_not_know_is_named(
    telegram_api: TelegramApi, run: Callable[..., Bot]
) -> None:
    telegram_api.fail(401, method="getMe", times=100)
    bot = run()
    assert bot.popen.wait(START) == 1
    assert "TELEGRAM_BOT_TOKEN: Telegram does not know this token" in bot.log
    assert "Traceback" not in bot.log


async def test_missing_settings_are_named(run: Callable[..., Bot]) -> None:
    bot = run(TELEGRAM_BOT_TOKEN=None, REDIS_URL=None, TELEGRAM_API_URL="nowhere")
    assert bot.popen.wait(START) == 1
    told = [line.split(": ")[0] for line in bot.log.splitlines()]
    assert sorted(told) == ["REDIS_URL", "TELEGRAM_API_URL", "TELEGRAM_BOT_TOKEN"], bot.log


async def test_a_bot_waits_while_nobody_listens_at_the_address_of_telegram(run: Callable[..., Bot]) -> None:
    bot = run(TELEGRAM_API_URL=f"http://127.0.0.1:{NOBODY}")
    await until(lambda: "Telegram is out of reach, waiting for it" in bot.log, START)
    assert bot.popen.poll() is None
    bot.popen.send_signal(signal.SIGTERM)
    assert bot.popen.wait(60) == 0
    assert "Traceback" not in bot.log, bot.log


def test_a_module_without_handlers_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://nowhere.invalid/0")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:x")
    package = tmp_path / "odd_handlers"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "start.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    handlers = __import__("odd_handlers")
    assert isinstance(handlers, ModuleType)
    with pytest.raises(TypeError, match=r"odd_handlers\.start has no function `add\(bot\)`"):
        create_bot(service="bot", broker=EventBroker(), handlers=handlers)


def test_a_bot_has_the_handlers_of_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://nowhere.invalid/0")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:x")
    bot = create_bot(service="bot", broker=EventBroker(), handlers=bot_handlers)
    assert len(bot.handlers[0]) == 3
    assert bot.bot.base_url == "https://api.telegram.org/bot1:x"
