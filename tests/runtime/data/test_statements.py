"""Prepared statements do what SQLAlchemy's do, on every database; on PostgreSQL an insert tells its event."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import bindparam, delete, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError

from framework.runtime.database import Database
from framework.runtime.events import publish, with_event_id
from framework.runtime.outbox.writing import partition_of_key
from framework.runtime.statements import Selection
from framework.runtime.unit_of_work import UnitOfWorkFactory, WriteInQueryError
from framework.servers.postgres import PostgresServer
from tests.runtime.data.books import (
    BOOK_ADDED,
    BY_TITLE,
    FIRST_TWO,
    NEW,
    WHOLE,
    Book,
    BookAdded,
    Colour,
    add,
    add_last,
    create_books,
    is_the_event_of,
)
from tests.runtime.data.support import broker, rows_of_outbox


@pytest.fixture
async def database(database: Database) -> Database:
    """A database with the table of books, too."""
    await create_books(database)
    return database


async def test_a_row_is_read_as_the_orm_reads_it(work: UnitOfWorkFactory, database: Database) -> None:
    async with database.session() as session:
        session.add(Book(**WHOLE))
        await session.commit()
    async with work.query("books.get") as unit:
        row = await BY_TITLE.first(unit.session, title=WHOLE["title"])
        book = (await unit.session.scalars(select(Book))).one()
    assert row is not None
    columns = [each.key for each in Book.__mapper__.column_attrs]
    assert {name: getattr(row, name) for name in columns} == {name: getattr(book, name) for name in columns}
    assert repr(row).startswith("Row(id=1, title=")


async def test_a_row_is_inserted_as_the_orm_inserts_it(work: UnitOfWorkFactory, database: Database) -> None:
    given = await add(work, **WHOLE)
    filled = await add(work, title="Defaults")
    async with database.session() as session:
        first, second = (await session.scalars(select(Book).order_by(Book.id))).all()
    for row, book in ((given, first), (filled, second)):
        for column in Book.__mapper__.column_attrs:
            assert getattr(row, column.key) == getattr(book, column.key), column.key
    assert {name: getattr(first, name) for name in WHOLE} == WHOLE
    assert (second.pages, second.colour, second.price, second.stock) == (1, Colour.GREEN, None, 7)


async def test_literals_and_limits_of_a_statement_count(work: UnitOfWorkFactory) -> None:
    for number in range(3):
        await add(work, title=str(number))
    async with work.query("books.list") as unit:
        assert [row.title for row in await FIRST_TWO.all(unit.session)] == ["0", "1"]
        assert await BY_TITLE.first(unit.session, title="nobody's") is None
        twice = Selection(select((Book.id * literal(2)).label("double")).where(Book.title == "2"))
        assert [row.double for row in await twice.all(unit.session)] == [6]


async def test_what_was_changed_before_is_seen(work: UnitOfWorkFactory) -> None:
    async with work.command("books.add") as unit:
        unit.session.add(Book(title="pending"))
        assert await BY_TITLE.first(unit.session, title="pending") is not None


async def test_wrong_parameters_are_told(work: UnitOfWorkFactory) -> None:
    async with work.command("books.add") as unit:
        with pytest.raises(TypeError, match="takes title, not name"):
            await BY_TITLE.first(unit.session, name="x")
        with pytest.raises(TypeError, match="`books` has no column name"):
            await NEW.row(unit.session, name="x")


async def test_a_list_of_unknown_length_runs_or_is_refused_with_what_to_do(work: UnitOfWorkFactory) -> None:
    some = Selection(select(Book).where(Book.title.in_(bindparam("titles", expanding=True))))
    await add(work, title="a")
    async with work.query("books.list") as unit:
        if unit.session.get_bind().dialect.name == "sqlite":
            assert len(await some.all(unit.session, titles=["a", "b"])) == 1
        else:
            with pytest.raises(TypeError, match=r"run it with `session\.execute`"):
                await some.all(unit.session, titles=["a", "b"])


async def test_an_insert_changes_nothing_in_a_query(work: UnitOfWorkFactory) -> None:
    with pytest.raises(WriteInQueryError, match="tried to change something"):
        async with work.query("books.list") as unit:
            await NEW.row(unit.session, title="x")


async def test_errors_are_those_of_sqlalchemy(work: UnitOfWorkFactory) -> None:
    wrong = Selection(select(Book).where(text("nowhere = 1")))
    with pytest.raises(DBAPIError):
        async with work.query("books.list") as unit:
            await wrong.all(unit.session)


async def test_a_duplicate_is_an_integrity_error_and_may_stand_in_a_savepoint(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await add(work, title="taken")
    with pytest.raises(IntegrityError):
        await add(work, title="taken")
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        with pytest.raises(IntegrityError):
            async with unit.session.begin_nested():
                await NEW.row(unit.session, title="taken")
        book = await NEW.row(unit.session, title="free")
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    assert [row.key for row in await rows_of_outbox(database)] == ["1", str(book.id)]


async def test_the_event_is_that_of_two_statements(work: UnitOfWorkFactory, database: Database) -> None:
    books = [await add(work, **{**WHOLE, "title": f'{number} " \\ \n é'}) for number in range(3)]
    for event, book in zip(await rows_of_outbox(database), books, strict=True):
        is_the_event_of(event, book, 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_on_postgres_row_and_event_are_written_by_one_statement(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        await NEW.row(unit.session, title="a")
        written = await unit.session.execute(text("SELECT type, key FROM framework_outbox"))
        assert written.all() == [("book.added", "1")]
    assert await rows_of_outbox(database) == [], "it was not published in the end"


async def test_what_is_published_in_the_end_counts(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = BookAdded.model_validate(await NEW.row(unit.session, title="a"))
        await publish(broker, BOOK_ADDED, book.model_copy(update={"title": "b"}), unit.session)
    (event,) = await rows_of_outbox(database)
    assert BookAdded.model_validate_json(event.data).title == "b"


async def test_published_twice_it_is_two_events(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await NEW.row(unit.session, title="a")
        for _ in range(2):
            await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    events = await rows_of_outbox(database)
    for number, event in enumerate(events, 1):
        is_the_event_of(event, book, number)
    assert len(events) == 2


async def test_an_error_leaves_neither_row_nor_event(work: UnitOfWorkFactory, database: Database) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await NEW.row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await rows_of_outbox(database) == []
    async with work.query("books.list") as unit:
        assert await BY_TITLE.first(unit.session, title="a") is None


async def test_a_row_taken_back_takes_its_event_along(work: UnitOfWorkFactory, database: Database) -> None:
    values = {"id": 5, "title": "a", "created_at": datetime.now(UTC)}
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        savepoint = await unit.session.begin_nested()
        await NEW.row(unit.session, title="a")
        await savepoint.rollback()
        book = await NEW.row(unit.session, **values)
        await unit.session.execute(delete(Book))
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    (event,) = await rows_of_outbox(database)
    assert event.key == "5"


async def test_text_that_looks_like_the_unknown_key_does_no_harm(
    work: UnitOfWorkFactory, database: Database
) -> None:
    book = await add(work, title="4611686018427400249")
    (event,) = await rows_of_outbox(database)
    is_the_event_of(event, book, 1)


async def test_an_event_with_an_id_of_its_own_keeps_it(work: UnitOfWorkFactory, database: Database) -> None:
    with with_event_id("mine"):
        await add(work, title="a")
    assert [row.id for row in await rows_of_outbox(database)] == ["mine"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_partition_of_a_key_is_the_same_on_both_ways(
    work: UnitOfWorkFactory, database: Database
) -> None:
    ids: Sequence[int] = [9, 10, 98_765, 123_456_789_012, 2**62, 2**63 - 1, 1_000_000_000_000_000_000]
    for number, id_ in enumerate(ids):
        async with database.session() as session:
            await session.execute(text(f"SELECT setval('books_id_seq', {id_}, false)"))
            await session.commit()
        await add(work, title=str(number))
    rows = await rows_of_outbox(database)
    assert [row.key for row in rows] == [str(id_) for id_ in ids]
    assert [row.partition for row in rows] == [partition_of_key(row.key) for row in rows]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_prepared_statements_need_no_session_and_give_their_connections_back(
    work: UnitOfWorkFactory, database: Database
) -> None:
    for title in ("a", "a", "b"):
        with suppress(IntegrityError):
            await add_last(work, title=title)
    async with work.command("books.add") as unit:
        await NEW.last_row(unit.session, title="c")
        assert not vars(unit.session).keys() & {"sync_session"}
    async with work.query("books.list") as unit:
        assert [book.title for book in await FIRST_TWO.all(unit.session)] == ["a", "b"]
        assert not vars(unit.session).keys() & {"sync_session"}
        kept = unit.session
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        await FIRST_TWO.all(kept)
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_prepared_statements_find_the_server_that_was_started_again(
    work: UnitOfWorkFactory, postgres_server: PostgresServer
) -> None:
    async def read() -> int:
        async with work.query("books.list") as unit:
            return len(await FIRST_TWO.all(unit.session))

    await add_last(work, title="a")
    assert await read() == 1
    postgres_server.kill()
    for attempt in (read, partial(add_last, work, title="lost")):
        with pytest.raises((DBAPIError, OSError)):
            await attempt()
    postgres_server.start()
    await add_last(work, title="b")
    assert await read() == 2
