"""The HTTP side of the Bot API for tests: its methods as a bot calls them, and the controls of a test."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from framework.servers.telegram_chats import Chats, Failure

POLL_INTERVAL = 0.01  # seconds
LONGEST_TEXT = 4096  # UTF-16 code units
TOKEN = re.compile(r"\d+:[\w-]+")
BOT = {
    "id": 42,
    "is_bot": True,
    "first_name": "Bot",
    "username": "test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
ACKNOWLEDGED = {"deleteWebhook", "setWebhook", "setMyCommands", "sendChatAction", "answerCallbackQuery"}

Parameters = dict[str, Any]


class ApiError(Exception):
    """A call is refused, as the Bot API words it."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def create_app(chats: Chats) -> Starlette:
    """The Bot API for the bot of these chats, below `/bot<token>/`, and its controls below `/control/`."""
    methods = _Methods(chats)

    async def call(request: Request) -> Response:
        try:
            result = await methods.call(
                request.path_params["token"], request.path_params["method"], await _parameters(request)
            )
        except ApiError as error:
            return _refusal(error)
        return JSONResponse({"ok": True, "result": result})

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
            *_controls(chats),
        ],
    )


class _Methods:
    """The methods of the Bot API that a bot of ours calls."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._table: dict[str, Callable[[Parameters], Awaitable[object]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
        }

    async def call(self, token: str, method: str, parameters: Parameters) -> object:
        if not TOKEN.fullmatch(token):
            raise ApiError(401, "Unauthorized")
        if failure := self._chats.next_failure(method):
            raise _error_of(failure)
        if method in ACKNOWLEDGED:
            return True
        if method not in self._table:
            raise ApiError(404, "Not Found")
        return await self._table[method](parameters)

    async def _get_me(self, parameters: Parameters) -> object:
        return BOT

    async def _get_updates(self, parameters: Parameters) -> object:
        offset, limit = int(parameters.get("offset", 0)), int(parameters.get("limit", 100))
        deadline = time.monotonic() + float(parameters.get("timeout", 0))
        poller = self._chats.start_polling()
        while True:
            if not self._chats.is_current(poller):
                raise ApiError(409, "Conflict: terminated by other getUpdates request")
            updates = self._chats.pending(offset, limit)
            if updates or time.monotonic() >= deadline or self._chats.is_closed:
                return updates
            await asyncio.sleep(POLL_INTERVAL)

    async def _send_message(self, parameters: Parameters) -> object:
        text = str(parameters.get("text", ""))
        if not str(parameters.get("chat_id", "")).removeprefix("-").isdecimal():
            raise ApiError(400, "Bad Request: chat not found")
        if not text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
            raise ApiError(400, "Bad Request: message is too long")
        return self._chats.send(int(parameters["chat_id"]), text)


def _controls(chats: Chats) -> list[Route]:
    async def push_update(request: Request) -> Response:
        person = {"user_id": 42, "first_name": "Ada", **await request.json()}
        return JSONResponse({"update_id": chats.receive(**person)}, status_code=201)

    async def list_messages(request: Request) -> Response:
        return JSONResponse([asdict(message) for message in chats.sent])

    async def add_failure(request: Request) -> Response:
        chats.fail(Failure(**await request.json()))
        return Response(status_code=204)

    return [
        Route("/control/updates", push_update, methods=["POST"]),
        Route("/control/messages", list_messages, methods=["GET"]),
        Route("/control/failures", add_failure, methods=["POST"]),
    ]


async def _parameters(request: Request) -> Parameters:
    """From the query, a form or JSON, as the Bot API takes them."""
    parameters: Parameters = dict(request.query_params)
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        parameters.update(json.loads(body or b"{}"))
    else:
        parameters.update(parse_qsl(body.decode(), keep_blank_values=True))
    return parameters


def _error_of(failure: Failure) -> ApiError:
    if failure.status == 429:
        seconds = failure.retry_after or 1
        return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)
    return ApiError(
        failure.status, "Internal Server Error" if failure.status >= 500 else "Bad Request: refused"
    )


def _refusal(error: ApiError) -> Response:
    content: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after is not None:
        content["parameters"] = {"retry_after": error.retry_after}
    return JSONResponse(content, status_code=error.status)
