"""Migrations: those of the runtime's own tables, and what a service's generated `migrations/env.py` runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from framework.runtime.columns import in_migrations
from framework.runtime.database import WRITING, create_engine
from framework.runtime.settings import DatabaseSettings, load
from framework.runtime.tables import VERSION_TABLE
from framework.runtime.tables import metadata as runtime_metadata

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_NOT_THE_SERVICES: Final = frozenset(runtime_metadata.tables) | {VERSION_TABLE}
# Of the connection and not of a transaction: a migration may need several, as CREATE INDEX CONCURRENTLY does.
_LOCK: Final = text(f"SELECT pg_advisory_lock({int.from_bytes(b'migrate')})")


async def migrate_runtime(url: str) -> None:
    """Bring the runtime's tables in the database at `url` up to date; safe to run again and at the same time.

    Raises:
        Exception: what the driver raises when the database cannot be reached or refuses.
    """
    await _on_connection(url, _upgrade_runtime)


def _upgrade_runtime(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")


def run_service_migrations(metadata: MetaData) -> None:
    """Run what Alembic was asked for on the database of a service: the body of its `migrations/env.py`.

    The database is `sqlalchemy.url` of Alembic's configuration, else `DATABASE_URL`. The runtime's own tables
    are left out of what is compared.

    Raises:
        SystemExit: no URL was given, or it is malformed.
        Exception: what the driver raises when the database cannot be reached or refuses.
    """
    url = context.config.get_main_option("sqlalchemy.url") or load(DatabaseSettings).database_url

    def migrate(connection: Connection) -> None:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_name=_is_the_services,
            compare_type=True,
            render_item=in_migrations,
            # SQLite cannot alter most of a table: Alembic then copies it.
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()

    _run(url, migrate)


def _is_the_services(name: str | None, kind: str, _: Any) -> bool:
    return kind != "table" or name not in _NOT_THE_SERVICES


def _run(url: str, work: Callable[[Connection], None]) -> None:
    """Run `_on_connection` to its end, also where an event loop runs already, as in a test."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_on_connection(url, work))).result()


async def _on_connection(url: str, work: Callable[[Connection], None]) -> None:
    """Run `work` while no other migration runs on this database: several replicas may start at once."""
    engine = create_engine(url, application="migrate").execution_options(**WRITING)
    try:
        async with engine.connect() as connection, _alone(connection):
            await connection.run_sync(work)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _alone(connection: AsyncConnection) -> AsyncIterator[None]:
    if connection.dialect.name == "sqlite":
        async with connection.begin():
            yield
    else:
        await connection.execute(_LOCK)
        await connection.commit()
        yield
