"""SQLite has one writer at a time; those who wait never see it."""

from __future__ import annotations

import asyncio
from contextvars import Context
from pathlib import Path

import pytest
from sqlalchemy import select, text

from framework.runtime.database import Database
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.processes import start, write_together
from tests.runtime.data.support import Order, numbers_of_orders, place, rows_of_outbox


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Only SQLite here."""
    return f"sqlite:///{tmp_path / 'folder' / 'test.db'}"


async def test_fifty_writers_and_readers_at_once(work: UnitOfWorkFactory, database: Database) -> None:
    async def write(number: int) -> None:
        async with work.command("orders.place") as unit:
            await unit.session.execute(text("SELECT count(*) FROM orders"))
            await place(unit.session, number, f"customer {number % 5}")

    async def read() -> None:
        async with work.query("orders.list") as unit:
            await unit.session.execute(text("SELECT count(*) FROM orders"))

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(number) for number in range(50)), *(read() for _ in range(50)))
    assert await numbers_of_orders(database) == list(range(50))
    assert len(await rows_of_outbox(database)) == 50


async def test_a_reader_does_not_wait_for_a_writer(work: UnitOfWorkFactory) -> None:
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)

        async def read() -> int:
            async with work.query("orders.list") as reader:
                return len((await reader.session.scalars(select(Order))).all())

        elsewhere = asyncio.create_task(read(), context=Context())
        assert await asyncio.wait_for(elsewhere, 60) == 0


async def test_writers_of_several_processes(database: Database, database_url: str) -> None:
    children = [start(write_together, database_url, first) for first in (0, 100)]
    assert [await child.hear() for child in children] == ["written", "written"]
    assert len(await numbers_of_orders(database)) == 50
    assert len(await rows_of_outbox(database)) == 50


async def test_its_settings_are_those_relied_on(database: Database) -> None:
    async with database.session() as session:
        pragmas = ["journal_mode", "foreign_keys", "busy_timeout", "query_only"]
        found = [(await session.execute(text(f"PRAGMA {name}"))).scalar_one() for name in pragmas]
    assert found == ["wal", 1, 30000, 0]
