"""A query reads without a transaction where that is cheaper, and has one where it needs one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.database import Database
from framework.runtime.driver import driver_of
from framework.runtime.unit_of_work import UnitOfWorkFactory, WriteInQueryError
from tests.runtime.data.support import Order, numbers_of_orders, place


@pytest.fixture
async def orders(work: UnitOfWorkFactory) -> None:
    """Four orders."""
    async with work.command("orders.place") as unit:
        for number in range(1, 5):
            await place(unit.session, number)


async def _stream(session: AsyncSession) -> AsyncIterator[int]:
    statement = select(Order.number).order_by(Order.number).execution_options(yield_per=2)
    async for number in await session.stream_scalars(statement):
        yield number


async def _is_in_transaction(session: AsyncSession) -> bool:
    return bool(driver_of(await session.connection()).is_in_transaction())


@pytest.mark.usefixtures("orders")
async def test_a_query_streams(work: UnitOfWorkFactory) -> None:
    for _ in range(2):
        async with work.query("orders.list") as unit:
            assert await unit.session.get(Order, 1) is not None
            assert [number async for number in _stream(unit.session)] == [1, 2, 3, 4]


@pytest.mark.usefixtures("orders")
async def test_a_query_has_savepoints(work: UnitOfWorkFactory) -> None:
    async with work.query("orders.list") as unit:
        with pytest.raises(DBAPIError):
            async with unit.session.begin_nested():
                await unit.session.execute(text("SELECT number FROM nowhere"))
        assert len((await unit.session.scalars(select(Order))).all()) == 4


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.usefixtures("orders")
async def test_on_postgres_a_query_has_no_transaction_unless_it_needs_one(work: UnitOfWorkFactory) -> None:
    async with work.query("orders.list") as unit:
        await unit.session.execute(select(Order))
        assert not await _is_in_transaction(unit.session)
        assert [number async for number in _stream(unit.session)] == [1, 2, 3, 4]
        assert await _is_in_transaction(unit.session)
    async with work.query("orders.list") as unit:
        await unit.session.execute(select(Order))
        assert not await _is_in_transaction(unit.session), "the transaction before has ended"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.usefixtures("orders")
async def test_a_query_may_ask_for_one_snapshot(work: UnitOfWorkFactory) -> None:
    async with work.query("orders.list") as unit:
        await unit.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        await unit.session.execute(select(Order))
        isolation = await unit.session.scalar(text("SHOW transaction_isolation"))
        assert (isolation, await _is_in_transaction(unit.session)) == ("repeatable read", True)
    async with work.query("orders.list") as unit:
        await unit.session.execute(select(Order))
        assert not await _is_in_transaction(unit.session)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("begin", ["SELECT 1", "BEGIN"])
async def test_a_query_gives_its_connection_back_whatever_was_begun(
    work: UnitOfWorkFactory, begin: str
) -> None:
    async def used() -> object:
        async with work.query("orders.list") as unit:
            assert not await _is_in_transaction(unit.session)
            await unit.session.execute(text(begin))
            pid: object = await unit.session.scalar(text("SELECT pg_backend_pid()"))
        return pid

    assert await used() == await used()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_streaming_query_changes_nothing(work: UnitOfWorkFactory, database: Database) -> None:
    async def stream_and_write() -> None:
        async with work.query("orders.list") as unit:
            assert [number async for number in _stream(unit.session)] == []
            await place(unit.session, 1)

    with pytest.raises(WriteInQueryError):
        await stream_and_write()
    assert await numbers_of_orders(database) == []


@pytest.mark.usefixtures("orders")
async def test_a_query_changes_nothing_with_a_session_that_was_used_before(database: Database) -> None:
    def used() -> AsyncSession:
        session = database.session()
        session.sync_session.info["asked by"] = "somebody"
        return session

    async def read_and_write() -> None:
        async with UnitOfWorkFactory("shop", used).query("orders.list") as unit:
            assert unit.session.info["asked by"] == "somebody"
            assert len((await unit.session.scalars(select(Order))).all()) == 4
            await place(unit.session, 5)

    with pytest.raises(WriteInQueryError):
        await read_and_write()
    assert await numbers_of_orders(database) == [1, 2, 3, 4]


@pytest.mark.usefixtures("orders")
async def test_cancelled_at_any_moment_a_query_leaves_its_connection_well(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async def read() -> list[int]:
        async with work.query("orders.list") as unit:
            await unit.session.execute(select(Order))
            return [number async for number in _stream(unit.session)]

    async def write(number: int) -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, number)

    await read()
    ended = set()
    for step in range(60):
        task = asyncio.create_task(read())
        for _ in range(1 + step % 30):  # it has begun in any case
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        ended.add(task.cancelled())
        assert await asyncio.wait_for(read(), 60) == [1, 2, 3, 4]
    assert True in ended, "all came too late"
    await asyncio.wait_for(write(5), 60)
    assert await numbers_of_orders(database) == [1, 2, 3, 4, 5]
