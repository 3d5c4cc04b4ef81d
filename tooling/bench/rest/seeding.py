"""The databases: one for each subject, all alike."""

from __future__ import annotations

import asyncio

from sqlalchemy import insert, text

from framework.runtime.database import create_engine
from framework.runtime.migrate import migrate_runtime
from framework.servers.postgres import PostgresServer
from tooling.bench.rest.data import KEPT, user
from tooling.bench.rest.twin.tables import Base, User


def make_database(server: PostgresServer, name: str) -> str:
    """Make a database with the users, and the tables of both outboxes; its URL."""
    url = server.create_database(name)
    asyncio.run(_fill(url))
    return url


async def _fill(url: str) -> None:
    await migrate_runtime(url)
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(insert(User), [user(number) for number in range(1, KEPT + 1)])
        await connection.execute(
            text("SELECT setval(pg_get_serial_sequence('users', 'id'), :last)"), {"last": KEPT}
        )
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()
