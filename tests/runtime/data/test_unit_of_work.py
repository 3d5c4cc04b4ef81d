"""A unit of work is one transaction: all of it or nothing, and nobody else ends it."""

from __future__ import annotations

import asyncio
import time
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.ext.asyncio import async_sessionmaker

from framework.runtime.answers import WrongAnswerError
from framework.runtime.database import Database, FailedTransactionError
from framework.runtime.events import DualWriteError, ForeignSessionError
from framework.runtime.unit_of_work import (
    GuardedSessionError,
    NestedUnitOfWorkError,
    UnitOfWorkFactory,
    WriteInQueryError,
)
from tests.runtime.data.support import (
    Order,
    OrderPlaced,
    broker,
    numbers_of_orders,
    place,
    publish_order_placed,
    rows_of_outbox,
)


async def test_all_is_committed_when_the_block_is_left(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
        assert await rows_of_outbox(database) == []
    assert await numbers_of_orders(database) == [1]
    (row,) = await rows_of_outbox(database)
    assert (row.type, row.source, row.key, row.sequence, row.published_at) == (
        "order.placed",
        "shop",
        "ann",
        1,
        None,
    )
    assert broker.events == []


async def test_an_error_leaves_neither_row_nor_event(work: UnitOfWorkFactory, database: Database) -> None:
    async def fail() -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await numbers_of_orders(database) == []
    assert await rows_of_outbox(database) == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"customer": "ann"}, OrderPlaced),
        (None, OrderPlaced),
        ([OrderPlaced(customer="ann", number=1), None], list[OrderPlaced]),
        ("many", int),
    ],
)
async def test_an_answer_that_is_none_takes_everything_back(
    work: UnitOfWorkFactory, database: Database, answer: object, kind: Any
) -> None:
    async def place_wrongly() -> object:
        async with work.command("orders.place") as unit:
            await place(unit.session, 1)
            return unit.checked(answer, kind)

    with pytest.raises(WrongAnswerError, match="the controller returned a") as told:
        await place_wrongly()
    assert "ann" not in str(told.value)
    assert await numbers_of_orders(database) == []
    assert await rows_of_outbox(database) == []


async def test_an_answer_is_taken_as_fastapi_would_take_it(work: UnitOfWorkFactory) -> None:
    placed = OrderPlaced(customer="ann", number=1)
    several = [placed, placed]
    async with work.command("orders.place") as unit:
        assert unit.checked(placed, OrderPlaced) is placed
        assert unit.checked(several, list[OrderPlaced]) is several
        # A row, or what else has the attributes, is no model but can be made one.
        row: Any = SimpleNamespace(customer="ann", number=1)
        assert unit.checked(row, OrderPlaced) == placed
        assert unit.checked([row, placed], list[OrderPlaced]) == several
        assert unit.checked(None, OrderPlaced | None) is None


async def test_what_fails_at_the_flush_leaves_no_event(work: UnitOfWorkFactory, database: Database) -> None:
    async def place_unflushed() -> None:
        async with work.command("orders.place") as unit:
            unit.session.add(Order(customer="bob", number=1))
            await publish_order_placed(OrderPlaced(customer="bob", number=1), session=unit.session)

    await place_unflushed()
    with pytest.raises(IntegrityError):
        await place_unflushed()
    assert len(await rows_of_outbox(database)) == 1


async def test_an_event_of_a_forgotten_flush_is_not_lost(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("orders.place") as unit:
        unit.session.add(Order(customer="ann", number=1))
        await publish_order_placed(OrderPlaced(customer="ann", number=1), session=unit.session)
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_what_was_read_stays_readable_after_the_commit(work: UnitOfWorkFactory) -> None:
    async with work.command("orders.place") as unit:
        order = Order(customer="ann", number=1)
        unit.session.add(order)
    assert order.customer == "ann"
    assert order.id > 0


@pytest.mark.parametrize("method", ["begin", "commit", "rollback", "close", "reset", "invalidate"])
async def test_nobody_else_ends_the_transaction(
    work: UnitOfWorkFactory, database: Database, method: str
) -> None:
    async def end() -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, 1)
            await getattr(unit.session, method)()

    with pytest.raises(GuardedSessionError, match=r"unit of work of `orders.place`.*begin_nested"):
        await end()
    assert await numbers_of_orders(database) == []


@pytest.mark.parametrize("method", ["commit", "rollback", "close"])
async def test_nobody_else_ends_it_from_within(work: UnitOfWorkFactory, method: str) -> None:
    with pytest.raises(GuardedSessionError):
        async with work.command("orders.place") as unit:
            await unit.session.run_sync(lambda session: getattr(session, method)())


@pytest.mark.parametrize("method", ["begin", "commit", "rollback", "close", "reset", "invalidate"])
async def test_nobody_else_ends_the_transaction_of_a_session_of_their_own_make(
    database: Database, method: str
) -> None:
    work = UnitOfWorkFactory("shop", async_sessionmaker(database.engine, expire_on_commit=False))

    async def end() -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, 1)
            await getattr(unit.session, method)()

    async def end_from_within() -> None:
        async with work.command("orders.place") as unit:
            await unit.session.run_sync(lambda session: session.commit())

    with pytest.raises(GuardedSessionError, match=r"unit of work of `orders.place`.*begin_nested"):
        await end()
    with pytest.raises(GuardedSessionError):
        await end_from_within()
    assert await numbers_of_orders(database) == []
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
    await unit.session.rollback()
    assert await numbers_of_orders(database) == [1]


async def test_a_part_may_fail_by_itself(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
        with pytest.raises(IntegrityError):
            async with unit.session.begin_nested():
                unit.session.add(Order(customer="bob", number=1))
        async with unit.session.begin_nested():
            unit.session.add(Order(customer="bob", number=2))
    assert await numbers_of_orders(database) == [1, 2]


async def _fail_and_go_on(work: UnitOfWorkFactory) -> None:
    async with work.command("orders.place") as unit:
        await unit.session.execute(insert(Order).values(customer="ann", number=1))
        with pytest.raises(IntegrityError):
            await unit.session.execute(insert(Order).values(customer="ann", number=1))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_postgres_would_not_commit_is_not_answered_as_done(
    work: UnitOfWorkFactory, database: Database
) -> None:
    with pytest.raises(FailedTransactionError, match=r"begin_nested"):
        await _fail_and_go_on(work)
    assert await numbers_of_orders(database) == []
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
    assert await numbers_of_orders(database) == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_a_statement_fails_by_itself_the_rest_is_committed(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await _fail_and_go_on(work)
    assert await numbers_of_orders(database) == [1]


async def test_a_session_kept_for_later_is_dead(work: UnitOfWorkFactory) -> None:
    async with work.command("orders.place") as unit:
        kept = unit.session
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        await kept.execute(select(1))


@pytest.mark.parametrize("kind", ["command", "query"])
async def test_an_operation_inside_an_operation_is_refused(work: UnitOfWorkFactory, kind: str) -> None:
    async with work.command("orders.place"):
        with pytest.raises(NestedUnitOfWorkError, match=r"`orders.other` was called inside .*`orders.place`"):
            async with getattr(work, kind)("orders.other"):
                pass
    async with getattr(work, kind)("orders.other"):
        pass


async def test_publishing_without_the_session_is_refused(work: UnitOfWorkFactory, database: Database) -> None:
    async def forget() -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, 1)
            await publish_order_placed(OrderPlaced(customer="ann", number=1))

    with pytest.raises(DualWriteError, match=r"publish_order_placed\(\.\.\., session=session\)"):
        await forget()
    assert broker.events == []
    assert await rows_of_outbox(database) == []


async def test_publishing_with_a_foreign_session_is_refused(
    work: UnitOfWorkFactory, database: Database
) -> None:
    message = OrderPlaced(customer="ann", number=1)
    async with database.session() as foreign:
        with pytest.raises(ForeignSessionError, match="outside a unit of work"):
            await publish_order_placed(message, session=foreign)
        async with work.command("orders.place"):
            with pytest.raises(ForeignSessionError, match=r"another session than that of `orders.place`"):
                await publish_order_placed(message, session=foreign)
    assert await rows_of_outbox(database) == []


async def test_outside_it_goes_straight_to_the_broker(database: Database) -> None:
    await publish_order_placed(OrderPlaced(customer="ann", number=7))
    assert broker.numbers == [7]
    assert await rows_of_outbox(database) == []


async def test_a_task_left_behind_is_outside(work: UnitOfWorkFactory) -> None:
    gate = asyncio.Event()

    async def later() -> None:
        await gate.wait()
        await publish_order_placed(OrderPlaced(customer="ann", number=8))

    async with work.command("orders.place"):
        task = asyncio.create_task(later())
        await asyncio.sleep(0)
    gate.set()
    await task
    assert broker.numbers == [8]


async def test_a_query_reads(work: UnitOfWorkFactory) -> None:
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
    async with work.query("orders.list") as unit:
        assert list(await unit.session.scalars(select(Order.number))) == [1]


async def test_a_query_publishes_nothing(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(WriteInQueryError, match=r"`order.placed` was published in the query `orders.list`"):
        async with work.query("orders.list") as unit:
            await publish_order_placed(OrderPlaced(customer="ann", number=1), session=unit.session)
    assert await rows_of_outbox(database) == []


async def test_a_query_changes_nothing(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(WriteInQueryError, match="tried to change something"):
        async with work.query("orders.list") as unit:
            unit.session.add(Order(customer="ann", number=1))
    with pytest.raises(WriteInQueryError, match="tried to change something"):
        async with work.query("orders.list") as unit:
            await unit.session.execute(insert(Order).values(customer="ann", number=2))
    assert await numbers_of_orders(database) == []


async def test_after_a_query_its_connection_writes_again(work: UnitOfWorkFactory, database: Database) -> None:
    for number in range(3):
        async with work.query("orders.list") as unit:
            await unit.session.execute(select(Order))
        async with work.command("orders.place") as unit:
            await place(unit.session, number)
        async with database.session() as session:
            session.add(Order(customer="bob", number=100 + number))
            await session.commit()
    assert len(await numbers_of_orders(database)) == 6


async def test_cancelled_at_any_moment_it_is_all_or_nothing(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async def one(number: int) -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, number)
            await unit.session.execute(text("SELECT 1"))

    await one(1000)  # the connection is there, and the statements are compiled
    begin = time.monotonic()
    await one(1001)
    took = time.monotonic() - begin
    tasks: list[asyncio.Task[None]] = []
    for number in count():
        tasks.append(asyncio.create_task(one(number)))  # kept, with the traceback that holds its statement
        await asyncio.sleep(took * number / 20)
        tasks[-1].cancel()
        await asyncio.wait(tasks)
        await asyncio.wait_for(one(2000 + number), 60)
        if number >= 40 and not all(task.cancelled() for task in tasks):  # some came too late by now
            break
    stored = set(await numbers_of_orders(database))
    published = {OrderPlaced.model_validate_json(row.data).number for row in await rows_of_outbox(database)}
    assert stored == published
    assert {task.cancelled() for task in tasks} == {True, False}, "all came too late"


async def test_a_plain_session_that_is_left_holds_nothing(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async with database.session() as session:
        session.add(Order(customer="ann", number=1))
        await session.flush()
    async with asyncio.timeout(60), work.command("orders.place") as unit:
        await place(unit.session, 2)
    assert await numbers_of_orders(database) == [2]
