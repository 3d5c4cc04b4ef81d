"""`/start` registers the person at the backend, which is a small HTTP server here."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from framework.servers.telegram import TelegramApi
from framework.testkit import serve
from services.tg_bot.src.handlers import registration
from services.tg_bot.src.handlers.command import PUBLISHED
from services.tg_bot.src.handlers.registration import NOT_REGISTERED, REGISTERED
from services.tg_bot.src.handlers.welcome import WELCOME
from shared.generated.errors import Invalid, UserExists

NOBODY_LISTENS = "http://127.0.0.1:9"
USER = {
    "id": 1,
    "name": "Ada",
    "email": None,
    "telegram_id": 42,
    "is_admin": False,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
}
CODES = {error.status: error.code for error in (UserExists, Invalid)}


class Backend:
    """Answers `POST /users` with one status after the other, the last one for good."""

    def __init__(self) -> None:
        self.statuses = [201]
        self.received: list[object] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.application = Starlette(routes=[Route("/users", self._create_user, methods=["POST"])])

    async def _create_user(self, request: Request) -> Response:
        self.received.append(await request.json())
        await self.may_answer.wait()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == 201:
            return JSONResponse(USER, status_code=201)
        problem = {"status": status, "code": CODES.get(status)}
        return JSONResponse(problem, status_code=status, media_type="application/problem+json")


@pytest.fixture
async def backend(environment: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Backend]:
    monkeypatch.setattr(registration, "FIRST_DELAY", 0.01)
    backend = Backend()
    async with serve(backend.application) as address:
        monkeypatch.setenv("API_BASE_URL", address)
        yield backend


async def test_start_registers_the_person(backend: Backend, bot: None, telegram_api: TelegramApi) -> None:
    telegram_api.push_text("/start", user_id=42, first_name="Ada")

    await telegram_api.wait_for_message(containing=REGISTERED, chat_id=42)
    await telegram_api.wait_for_message(containing=WELCOME, chat_id=42)
    assert backend.received == [{"name": "Ada", "telegram_id": 42}]


async def test_who_is_known_already_counts_as_registered(
    backend: Backend, bot: None, telegram_api: TelegramApi
) -> None:
    backend.statuses = [409]

    telegram_api.push_text("/start")

    await telegram_api.wait_for_message(containing=REGISTERED)
    assert len(backend.received) == 1


async def test_a_backend_that_fails_for_a_moment_is_tried_again(
    backend: Backend, bot: None, telegram_api: TelegramApi
) -> None:
    backend.statuses = [503, 500, 502, 201]

    telegram_api.push_text("/start")

    await telegram_api.wait_for_message(containing=REGISTERED)
    assert len(backend.received) == 4


@pytest.mark.parametrize(("status", "calls"), [(422, 1), (503, 4)])
async def test_a_failure_is_told_and_logged(
    backend: Backend,
    bot: None,
    telegram_api: TelegramApi,
    caplog: pytest.LogCaptureFixture,
    status: int,
    calls: int,
) -> None:
    backend.statuses = [status]

    telegram_api.push_text("/start")

    await telegram_api.wait_for_message(containing=NOT_REGISTERED, chat_id=42)
    assert len(backend.received) == calls
    assert [record.levelno for record in caplog.records if "user 42" in record.message] == [logging.ERROR]


async def test_a_backend_that_is_down_is_told(
    bot: None, telegram_api: TelegramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_BASE_URL", NOBODY_LISTENS)
    monkeypatch.setattr(registration, "FIRST_DELAY", 0.01)

    telegram_api.push_text("/start")

    await telegram_api.wait_for_message(containing=NOT_REGISTERED)
    assert [message.text for message in telegram_api.messages] == [WELCOME, NOT_REGISTERED]


async def test_a_backend_that_takes_its_time_holds_up_nobody(
    backend: Backend, bot: None, telegram_api: TelegramApi
) -> None:
    backend.may_answer.clear()

    telegram_api.push_text("/start")
    telegram_api.push_text("/command hello")

    await telegram_api.wait_for_message(containing=PUBLISHED)
    backend.may_answer.set()
    await telegram_api.wait_for_message(containing=REGISTERED)
    assert [message.text for message in telegram_api.messages] == [WELCOME, PUBLISHED, REGISTERED]
