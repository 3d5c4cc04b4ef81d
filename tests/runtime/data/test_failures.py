"""A failure is told to others once, when it is final, and tells nothing that must stay inside."""

from __future__ import annotations

import logging

import pytest

from framework.runtime.database import Database
from framework.runtime.delivery import AlreadyHandled, Delivery, handling
from framework.runtime.direct import DirectFailures
from framework.runtime.errors import Conflict, OperationError
from framework.runtime.failures import OperationFailed
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import (
    broker,
    count_of_inbox,
    delivery_of,
    incoming,
    numbers_of_orders,
    place,
    publish_order_failed,
    rows_of_outbox,
)


class CardDeclined(OperationError):
    """Has a code made from its name."""


async def fail(work: UnitOfWorkFactory, error: BaseException, delivery: Delivery | None = None) -> None:
    """Run an operation as generated, which stores an order and then fails."""
    if delivery is not None:
        with handling(delivery):
            return await fail(work, error)
    async with (
        work.report_failure("orders.place", publish_order_failed),
        work.command("orders.place") as unit,
    ):
        await place(unit.session, 1)
        raise error


async def failures(database: Database) -> list[OperationFailed]:
    rows = await rows_of_outbox(database)
    return [OperationFailed.model_validate_json(row.data) for row in rows if row.type == "order.failed"]


async def test_what_the_caller_may_know_is_told(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(CardDeclined):
        await fail(work, CardDeclined("the card was declined"))
    (failure,) = await failures(database)
    assert failure.operation == "orders.place"
    assert (failure.code, failure.message) == ("card-declined", "the card was declined")
    assert failure.event_id is None
    assert await numbers_of_orders(database) == [], "what failed is rolled back"
    assert len(await rows_of_outbox(database)) == 1


async def test_everything_else_is_hidden(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail(work, ZeroDivisionError("password=secret"))
    (failure,) = await failures(database)
    assert (failure.code, failure.message) == ("internal", "The operation failed for an internal reason.")


async def test_an_attempt_that_is_repeated_is_not_told(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail(work, ZeroDivisionError(), delivery_of(incoming()))
    assert await failures(database) == []


async def test_the_last_attempt_is_told_with_its_event(work: UnitOfWorkFactory, database: Database) -> None:
    delivery = delivery_of(incoming(), is_final=True)
    with pytest.raises(ZeroDivisionError):
        await fail(work, ZeroDivisionError(), delivery)
    (failure,) = await failures(database)
    (row,) = await rows_of_outbox(database)
    assert failure.event_id == row.causationid == delivery.event.id
    assert await count_of_inbox(database) == 0, "it failed: it was not handled"


async def test_an_event_that_fails_twice_is_told_once(work: UnitOfWorkFactory, database: Database) -> None:
    delivery = delivery_of(incoming())
    for _ in range(2):
        with pytest.raises(Conflict):
            await fail(work, Conflict("taken"), delivery)
    assert len(await failures(database)) == 1
    with pytest.raises(Conflict):
        await fail(work, Conflict("taken"), delivery_of(incoming()))
    assert len(await failures(database)) == 2


async def test_a_duplicate_is_no_failure(work: UnitOfWorkFactory, database: Database) -> None:
    with pytest.raises(AlreadyHandled):
        await fail(work, AlreadyHandled(), delivery_of(incoming(), is_final=True))
    assert await failures(database) == []


async def test_a_report_that_fails_does_not_hide_the_failure(
    work: UnitOfWorkFactory, caplog: pytest.LogCaptureFixture
) -> None:
    async def publish(event: OperationFailed, **_: object) -> None:
        raise RuntimeError("no report")

    caplog.set_level(logging.ERROR)
    with pytest.raises(Conflict):
        async with work.report_failure("orders.place", publish):
            raise Conflict("taken")
    assert "the failure of orders.place could not be published" in caplog.text


async def test_without_a_database_it_goes_straight_to_the_broker() -> None:
    delivery = delivery_of(incoming())
    for _ in range(2):
        with pytest.raises(Conflict), handling(delivery):
            async with DirectFailures().report_failure("orders.place", publish_order_failed):
                raise Conflict("taken")
    first, second = broker.events
    assert first.id == second.id, "consumers can tell that it is one"
    assert OperationFailed.model_validate_json(first.data).code == "conflict"
