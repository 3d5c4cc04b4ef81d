"""Events of one key carry the order of the commits, whoever writes at the same time."""

from __future__ import annotations

import asyncio
from itertools import permutations

from sqlalchemy import delete

from framework.runtime.database import Database
from framework.runtime.events import with_event_id
from framework.runtime.outbox.writing import PARTITIONS
from framework.runtime.tables import outbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import OrderPlaced, place, publish_order_placed, rows_of_outbox


async def test_each_key_is_counted_by_itself(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("orders.place") as unit:
        for number, customer in enumerate(["bob", "ann", "bob", "cid"]):
            await place(unit.session, number, customer)
    async with work.command("orders.place") as unit:
        await place(unit.session, 4, "bob")
    found = [(row.key, row.sequence) for row in await rows_of_outbox(database)]
    assert found == [("bob", 1), ("ann", 1), ("bob", 2), ("cid", 1), ("bob", 3)]


async def test_a_rollback_takes_no_number(work: UnitOfWorkFactory, database: Database) -> None:
    for number in range(4):
        try:
            async with work.command("orders.place") as unit:
                await place(unit.session, number)
                if number % 2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert [row.sequence for row in await rows_of_outbox(database)] == [1, 2]


async def test_numbers_go_on_when_old_rows_are_gone(work: UnitOfWorkFactory, database: Database) -> None:
    for number in range(2):
        async with work.command("orders.place") as unit:
            await place(unit.session, number)
            await unit.session.execute(delete(outbox))
    assert [row.sequence for row in await rows_of_outbox(database)] == [2]


async def test_a_derived_id_is_written_once(work: UnitOfWorkFactory, database: Database) -> None:
    for _ in range(2):
        with with_event_id("derived"):
            async with work.command("orders.place") as unit:
                await publish_order_placed(OrderPlaced(customer="ann", number=1), session=unit.session)
    assert [row.id for row in await rows_of_outbox(database)] == ["derived"]


async def test_a_key_stays_in_its_partition_for_ever(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("orders.place") as unit:
        for number, customer in enumerate(["ann", "bob", "žofie", "7"]):
            await place(unit.session, number, customer)
    found = {row.key: row.partition for row in await rows_of_outbox(database)}
    assert found == {"ann": 3, "bob": 0, "žofie": 15, "7": 2}
    assert PARTITIONS == 16


async def test_eight_writers_of_few_keys_agree_on_the_order(
    work: UnitOfWorkFactory, database: Database
) -> None:
    customers = ["ann", "bob", "cid"]

    async def write(first: int) -> None:
        for number in range(first, first + 12):
            pair = list(permutations(customers, 2))[number % 6]  # in any order: a deadlock would show
            async with work.command("orders.place") as unit:
                for offset, customer in enumerate(pair):
                    await place(unit.session, number * 2 + offset, customer)
                    await asyncio.sleep(number % 4 * 0.001)

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(100 * writer) for writer in range(8)))
    rows = await rows_of_outbox(database)
    assert len(rows) == 8 * 12 * 2
    for customer in customers:
        sequences = [row.sequence for row in rows if row.key == customer]
        assert sequences == list(range(1, len(sequences) + 1)), "a later row has an earlier number"
