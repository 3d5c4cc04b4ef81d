"""The clock of a service with replicas, one of which is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.redis_streams.wire import decode
from framework.runtime.tables import inbox
from framework.testkit import eventually
from tests.e2e.conftest import make_tables, running

STREAM = "schedule:meetings:close_meetings"
GROUP = "meetings"


async def test_every_tick_is_run_once_though_a_replica_is_killed(
    project: Path, broker: EventBroker, redis_url: str, database_url: str
) -> None:
    await make_tables(GROUP, database_url)
    database = Database("tests", url=database_url)

    async def run() -> list[str]:
        """The ids of the ticks that were handled, in the transactions that handled them."""
        handled = select(inbox.c.id).where(inbox.c.operation == "meetings.close_meetings")
        async with database.session() as session:
            return list(await session.scalars(handled))

    async def are_run(count: int) -> bool:
        return len(await run()) >= count

    async def pending() -> set[bytes]:
        found: Any = await broker.redis.xpending_range(STREAM, GROUP, "-", "+", 100)
        return {each["message_id"] for each in found}

    async def is_settled() -> bool:
        return not await pending()

    variables = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "EVENTS_LEASE": "2"}
    async with running(project, GROUP, variables) as first, running(project, GROUP, variables):
        await eventually(lambda: are_run(3), within=60)
        first.kill()
        seen = len(await run())
        await eventually(lambda: are_run(seen + 4), within=60)
        await eventually(is_settled, within=60)
    (group,) = await broker.redis.xinfo_groups(STREAM)
    entries: Any = await broker.redis.xrange(STREAM, "-", group["last-delivered-id"])
    given_back = await pending()  # by the one that was stopped
    published = [decode(fields).id for id_, fields in entries if id_ not in given_back]
    assert sorted(await run()) == sorted(published)
    assert len(given_back) <= 1
    await database.close()
