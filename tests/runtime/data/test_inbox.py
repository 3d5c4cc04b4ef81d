"""An event changes the database once, however often it is delivered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from framework.runtime.database import Database
from framework.runtime.delivery import AlreadyHandled, Delivery, handling
from framework.runtime.envelope import now
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import (
    count_of_inbox,
    delivery_of,
    incoming,
    numbers_of_orders,
    place,
    rows_of_outbox,
)


async def handle(
    work: UnitOfWorkFactory, delivery: Delivery, number: int, operation: str = "orders.place"
) -> None:
    with handling(delivery):
        async with work.command(operation) as unit:
            await place(unit.session, number)


async def test_the_second_delivery_is_told_and_has_no_effect(
    work: UnitOfWorkFactory, database: Database
) -> None:
    delivery = delivery_of(incoming())
    await handle(work, delivery, 1)
    with pytest.raises(AlreadyHandled, match=delivery.event.id):
        await handle(work, delivery, 2)
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_of_concurrent_deliveries_one_has_its_effect(
    work: UnitOfWorkFactory, database: Database
) -> None:
    delivery = delivery_of(incoming())
    attempts = [handle(work, delivery, number) for number in range(8)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyHandled"] * 7 + ["NoneType"]
    assert len(await numbers_of_orders(database)) == 1


async def test_run_again_on_purpose_it_has_its_effect_once_more_for_each_time_it_was_asked_for(
    work: UnitOfWorkFactory, database: Database
) -> None:
    delivery = delivery_of(incoming())
    await handle(work, delivery, 1)
    again = replace(delivery, again=now())
    attempts = [handle(work, again, number) for number in (2, 2, 2)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyHandled"] * 2 + ["NoneType"]
    with pytest.raises(AlreadyHandled):
        await handle(work, delivery, 3)
    await handle(work, replace(delivery, again=now()), 4)
    assert await numbers_of_orders(database) == [1, 2, 4]
    assert await count_of_inbox(database) == 1


async def test_what_is_to_be_run_again_need_not_have_been_run_before(
    work: UnitOfWorkFactory, database: Database
) -> None:
    """The clock of whoever asks may be ahead of the service's."""
    again = replace(delivery_of(incoming()), again=now() + timedelta(hours=1))
    await handle(work, again, 1)
    with pytest.raises(AlreadyHandled):
        await handle(work, again, 2)
    assert await numbers_of_orders(database) == [1]


async def test_a_delivery_waits_for_another_and_takes_over_when_it_fails(
    work: UnitOfWorkFactory, database: Database
) -> None:
    delivery = delivery_of(incoming())
    has_begun, may_fail = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        with handling(delivery):
            async with work.command("orders.place") as unit:
                await place(unit.session, 1)
                has_begun.set()
                await may_fail.wait()
                raise ZeroDivisionError

    first = asyncio.create_task(fail())
    await has_begun.wait()
    second = asyncio.create_task(handle(work, delivery, 2))
    await asyncio.sleep(0.2)
    assert not second.done(), "it did not wait to see what becomes of the first"
    may_fail.set()
    await second
    with pytest.raises(ZeroDivisionError):
        await first
    assert await numbers_of_orders(database) == [2]


async def test_a_failed_delivery_is_not_remembered(work: UnitOfWorkFactory, database: Database) -> None:
    delivery = delivery_of(incoming())
    with pytest.raises(ZeroDivisionError), handling(delivery):
        async with work.command("orders.place"):
            raise ZeroDivisionError
    await handle(work, delivery, 1)
    assert await numbers_of_orders(database) == [1]


async def test_other_sources_and_operations_are_told_apart(
    work: UnitOfWorkFactory, database: Database
) -> None:
    event = incoming()
    await handle(work, delivery_of(event), 1)
    await handle(work, delivery_of(event.model_copy(update={"source": "another"})), 2)
    await handle(work, delivery_of(event, operation="orders.other"), 3, operation="orders.other")
    assert await count_of_inbox(database) == 3


@pytest.mark.parametrize("case", ["another operation", "an operation without a transaction", "a query"])
async def test_who_does_not_record_is_not_suppressed(
    work: UnitOfWorkFactory, database: Database, case: str
) -> None:
    delivery = delivery_of(incoming())
    for number in range(2):
        if case == "another operation":  # called by the handler: a crash after it must not hide the rest
            await handle(work, delivery, number, operation="orders.other")
        elif case == "a query":
            with handling(delivery):
                async with work.query("orders.place"):
                    pass
        else:
            await handle(work, replace(delivery, records=False), number)
    assert await count_of_inbox(database) == 0


async def test_what_is_published_names_its_cause(work: UnitOfWorkFactory, database: Database) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    delivery = delivery_of(incoming(traceparent=traceparent))
    await handle(work, delivery, 1)
    (row,) = await rows_of_outbox(database)
    assert (row.causationid, row.traceparent) == (delivery.event.id, traceparent)
    async with work.command("orders.place") as unit:
        await place(unit.session, 2)
    assert (await rows_of_outbox(database))[1].causationid is None
