"""A last row ends its operation on every database; on PostgreSQL one statement commits row and event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.idempotency.answers import claim_key, keep_answer
from framework.runtime.idempotency.key import IdempotencyKey
from framework.runtime.idempotency.refusals import AnsweredBefore
from framework.runtime.unit_of_work import SettledWorkError, UnitOfWork, UnitOfWorkFactory
from tests.runtime.data.books import (
    BOOK_ADDED,
    FIRST_TWO,
    NEW,
    WHOLE,
    Book,
    BookAdded,
    add_last,
    create_books,
    is_the_event_of,
    titles,
)
from tests.runtime.data.support import broker, rows_of_outbox


@pytest.fixture
async def database(database: Database) -> Database:
    """A database with the table of books, too."""
    await create_books(database)
    return database


async def test_a_last_row_tells_the_same_event(work: UnitOfWorkFactory, database: Database) -> None:
    books = [await add_last(work, **{**WHOLE, "title": f"{number} é"}) for number in range(3)]
    events = await rows_of_outbox(database)
    for event, book in zip(events, books, strict=True):
        is_the_event_of(event, book, 1)
    assert await titles(database) == [book.title for book in books]


@pytest.mark.parametrize("price", ["3.50", "39.80", "100", "1E+2", "0.00", "3.55"])
async def test_a_last_row_may_come_back_in_other_words(
    price: str, work: UnitOfWorkFactory, database: Database
) -> None:
    book = await add_last(work, title="a", price=Decimal(price))
    assert book.price == Decimal(price)
    (event,) = await rows_of_outbox(database)
    is_the_event_of(event, book, 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_last_row_is_committed_by_its_statement(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await NEW.last_row(unit.session, title="a")
        assert (await titles(database), len(await rows_of_outbox(database))) == (["a"], 1)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    assert len(await rows_of_outbox(database)) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nothing_may_follow_a_last_row(work: UnitOfWorkFactory, database: Database) -> None:
    async def add_two() -> None:
        async with work.command("books.add") as unit:
            await NEW.last_row(unit.session, title="last")
            await NEW.row(unit.session, title="too late")

    async def tell_another() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            book = BookAdded.model_validate(await NEW.last_row(unit.session, title="told"))
            await publish(broker, BOOK_ADDED, book.model_copy(update={"title": "b"}), unit.session)

    for operation in (add_two, tell_another):
        with pytest.raises(SettledWorkError, match="went on after `last_row`"):
            await operation()
    assert await titles(database) == ["last", "told"]
    assert [BookAdded.model_validate_json(row.data).title for row in await rows_of_outbox(database)] == [
        "told"
    ]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_fails_after_a_last_row_takes_nothing_back_and_is_logged(
    work: UnitOfWorkFactory, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await NEW.last_row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await titles(database), len(await rows_of_outbox(database))) == (["a"], 1)
    assert "books.add failed after its last row had been committed" in caplog.text


async def test_a_refused_last_row_leaves_nothing_and_can_be_caught(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await add_last(work, title="taken")
    with pytest.raises(IntegrityError):
        await add_last(work, title="taken")
    assert (await titles(database), len(await rows_of_outbox(database))) == (["taken"], 1)


async def test_a_last_row_that_is_not_the_first_statement_belongs_to_the_transaction(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await unit.session.execute(select(Book.id))
            await NEW.last_row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await titles(database), await rows_of_outbox(database)) == ([], [])


Following = Callable[[UnitOfWork, BookAdded], Awaitable[object]]


async def _publish_its_event(unit: UnitOfWork, book: BookAdded) -> None:
    await publish(broker, BOOK_ADDED, book, unit.session)


async def _publish_another(unit: UnitOfWork, book: BookAdded) -> None:
    await publish(broker, BOOK_ADDED, book.model_copy(update={"title": "another"}), unit.session)


async def _publish_twice(unit: UnitOfWork, book: BookAdded) -> None:
    await _publish_its_event(unit, book)
    await _publish_its_event(unit, book)


async def _publish_nothing(unit: UnitOfWork, book: BookAdded) -> None:
    pass


async def _change_in_memory(unit: UnitOfWork, book: BookAdded) -> None:
    unit.session.add(Book(title="too late"))


STATEMENTS: dict[str, Following] = {
    "read": lambda unit, _: unit.session.execute(select(Book.id)),
    "read by a prepared statement": lambda unit, _: FIRST_TWO.all(unit.session),
    "read by the ORM": lambda unit, _: unit.session.get(Book, 5),
    "write": lambda unit, _: unit.session.execute(delete(Book)),
    "another row": lambda unit, _: NEW.row(unit.session, title="too late"),
    "another last row": lambda unit, _: NEW.last_row(unit.session, title="too late"),
    "connection": lambda unit, _: unit.session.connection(),
    "changed in memory": _change_in_memory,
}
PUBLICATIONS: dict[str, Following] = {
    "another event": _publish_another,
    "its event twice": _publish_twice,
    "no event": _publish_nothing,
}


@pytest.mark.parametrize("before", ["first", "not first"])
@pytest.mark.parametrize("following", [*STATEMENTS, *PUBLICATIONS])
async def test_what_follows_a_last_row_is_refused_on_every_database(
    work: UnitOfWorkFactory, database: Database, following: str, before: str
) -> None:
    async def go_on() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            if before != "first":
                await unit.session.execute(select(Book.id))
            book = BookAdded.model_validate(await NEW.last_row(unit.session, title="last"))
            if following in STATEMENTS:
                await STATEMENTS[following](unit, book)
                await _publish_its_event(unit, book)
            else:
                await PUBLICATIONS[following](unit, book)

    with pytest.raises(SettledWorkError, match=r"`books.add` went on after `last_row`, or .*Insert by `row`"):
        await go_on()
    stays = before == "first" and database.engine.dialect.name == "postgresql"
    assert await titles(database) == (["last"] if stays else [])
    assert len(await rows_of_outbox(database)) == len(await titles(database))


@pytest.mark.parametrize("before", ["first", "not first"])
async def test_without_an_event_of_its_own_a_last_row_is_followed_by_none(
    work: UnitOfWorkFactory, before: str
) -> None:
    async def tell() -> None:
        async with work.command("books.add") as unit:
            if before != "first":
                await unit.session.execute(select(Book.id))
            await _publish_its_event(
                unit, BookAdded.model_validate(await NEW.last_row(unit.session, title="last"))
            )

    with pytest.raises(SettledWorkError):
        await tell()


async def test_a_refused_last_row_may_be_followed(work: UnitOfWorkFactory, database: Database) -> None:
    await add_last(work, title="taken")
    async with work.command("books.add") as unit:
        with pytest.raises(IntegrityError):
            await NEW.last_row(unit.session, title="taken")
        await NEW.last_row(unit.session, title="free")
    assert await titles(database) == ["taken", "free"]


async def test_an_answer_is_kept_after_a_last_row(work: UnitOfWorkFactory, database: Database) -> None:
    key = IdempotencyKey("key", "", "fingerprint")

    async def add() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await claim_key(unit, key)
            book = BookAdded.model_validate(await NEW.last_row(unit.session, title="a"))
            await _publish_its_event(unit, book)
            await keep_answer(unit, key, 201, book, BookAdded)

    await add()
    with pytest.raises(AnsweredBefore):
        await add()
    assert (await titles(database), len(await rows_of_outbox(database))) == (["a"], 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_cancelled_at_any_moment_a_last_row_is_there_with_its_event_or_not(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await add_last(work, title="first")
    ended = set()
    for step in range(40):
        task = asyncio.create_task(add_last(work, title=f"{step}"))
        for _ in range(1 + step % 20):  # it has begun in any case
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        ended.add(task.cancelled())
        await asyncio.wait_for(add_last(work, title=f"after {step}"), 60)
    assert True in ended, "all came too late"
    told = [BookAdded.model_validate_json(row.data).title for row in await rows_of_outbox(database)]
    assert sorted(told) == sorted(await titles(database))
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")
