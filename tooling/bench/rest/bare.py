"""The floor: what a request costs with no framework and no SQLAlchemy, by ASGI and asyncpg alone.

It validates what comes and what goes as the others do, writes an insert and its event as one statement, and
does nothing for whoever has to read or change it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import asyncpg  # type: ignore[import-untyped]
from pydantic import TypeAdapter

from tooling.bench.rest.twin.schemas import UserCreate, UserRead

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_USER: Final = TypeAdapter(UserRead)
_USERS: Final = TypeAdapter(list[UserRead])
_CREATE: Final = TypeAdapter(UserCreate)

_READ: Final = "SELECT * FROM users WHERE id = $1"
_LIST: Final = "SELECT * FROM users WHERE id > $1 ORDER BY id LIMIT $2"
_INSERT: Final = """
    WITH created AS (
        INSERT INTO users (name, email, telegram_id, is_admin, created_at, updated_at)
        VALUES ($1, $2, $3, false, $4, $4) RETURNING *
    ), told AS (
        INSERT INTO outbox (type, key, payload, created_at)
        SELECT 'user.created', id::text, row_to_json(created)::text, $4 FROM created
    )
    SELECT * FROM created
"""


class Bare:
    """The application: `uvicorn tooling.bench.rest.bare:app`."""

    def __init__(self) -> None:
        self._pool: Any = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path = scope["path"]
        if scope["method"] == "POST":
            status, body = 201, await self._create(await _body(receive))
        elif path == "/users":
            status, body = 200, await self._list(scope["query_string"])
        else:
            status, body = 200, await self._read(path.removeprefix("/users/"))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], max_size=20)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _read(self, user_id: str) -> bytes:
        row = await self._pool.fetchrow(_READ, int(user_id))
        return _USER.dump_json(_USER.validate_python(dict(row)))

    async def _list(self, query: bytes) -> bytes:
        given = dict(parse_qsl(query.decode()))
        rows = await self._pool.fetch(_LIST, int(given.get("after", 0)), int(given.get("limit", 20)))
        return _USERS.dump_json(_USERS.validate_python([dict(row) for row in rows]))

    async def _create(self, body: bytes) -> bytes:
        user = _CREATE.validate_json(body)
        row = await self._pool.fetchrow(_INSERT, user.name, user.email, user.telegram_id, datetime.now(UTC))
        return _USER.dump_json(_USER.validate_python(dict(row)))


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


app = Bare()
