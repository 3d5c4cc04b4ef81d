"""What a generated service does when a controller returns what it should not: `python -m … DATABASE_URL`.

Runs with the import roots of the case `language`, whose `things.stamp_things` HTTP calls, and an event.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from framework.runtime.database import Database
from framework.runtime.endpoints.application import Application
from framework.runtime.middleware.body_limit import BodyLimit
from framework.runtime.migrate import migrate_runtime
from framework.runtime.routing import install, install_problem_handlers
from framework.testkit import Events
from tests.runtime.endpoints.asgi import ask

registry = importlib.import_module("services.shop.src.generated.registry")
events = importlib.import_module("shared.generated.events")
schemas = importlib.import_module("shared.generated.schemas")


class Things:
    """The controller: it writes, and returns what is at hand."""

    def __init__(self) -> None:
        self.answer: object = None

    async def stamp_things(self, session: Any, payload: object) -> Any:
        """Write a row."""
        await session.execute(text("INSERT INTO stamps VALUES (1)"))
        return self.answer


async def main(url: str) -> None:
    """Ask in every way, and tell what was answered, and how many rows there were then."""
    await migrate_runtime(url)
    database = Database("shop", url=url)
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE stamps (number INTEGER)"))
    things = Things()

    parts = {"get_things_controller": lambda: things}
    registry.register_event_handlers(events.broker, get_session=database.session, **parts)
    for answer in ("no list", [b"stamp"]):
        things.answer = answer
        for fast in (True, False):
            app: FastAPI = Application() if fast else FastAPI()
            app.add_middleware(BodyLimit)
            install_problem_handlers(app)
            router = registry.create_api_router(get_db=database.session, **parts)
            install(app, router, fast_endpoints=fast)
            told = await over_http(app)
            print(json.dumps([told, await count(database)]))
        print(json.dumps([await by_event(), await count(database)]))
    await database.close()


async def over_http(app: FastAPI) -> object:
    body = b'{"days": 3}'
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    request = {"path": "/things/stamped", "method": "POST", "headers": headers}
    answered = await ask(app, request, [{"type": "http.request", "body": body}])
    return [answered.status, answered.error]


async def by_event() -> str:
    try:
        await Events(events.broker).deliver(events.SWEEP_DONE, schemas.Sweep())
    except Exception as error:
        return type(error).__name__
    return "handled"


async def count(database: Database) -> object:
    async with database.engine.connect() as connection:
        return await connection.scalar(text("SELECT count(*) FROM stamps"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
