"""Prepared statements do what SQLAlchemy's do, on every database; on PostgreSQL an insert tells its event."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, MetaData, bindparam, delete, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.columns import COLUMN_TYPES
from framework.runtime.database import Database
from framework.runtime.events import EventDefinition, publish, with_event_id
from framework.runtime.idempotency.answers import claim_key, keep_answer
from framework.runtime.idempotency.key import IdempotencyKey
from framework.runtime.idempotency.refusals import AnsweredBefore
from framework.runtime.outbox.writing import partition_of_key
from framework.runtime.schema import Schema
from framework.runtime.statements import Insertion, Row, Selection
from framework.runtime.types import StorableDatetime
from framework.runtime.unit_of_work import (
    SettledWorkError,
    UnitOfWork,
    UnitOfWorkFactory,
    WriteInQueryError,
)
from framework.servers.postgres import PostgresServer
from tests.runtime.data.support import broker, rows_of_outbox


class Base(DeclarativeBase):
    """The tables of these tests."""

    metadata = MetaData()
    type_annotation_map = {**COLUMN_TYPES, dict[str, Any]: JSON()}  # noqa: RUF012


class Colour(enum.Enum):
    """Stored by its value."""

    RED = "r"
    GREEN = "g"


def _now() -> datetime:
    return datetime.now(UTC)


class Book(Base):
    """A row with a value of every kind."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    pages: Mapped[int] = mapped_column(default=1)
    price: Mapped[Decimal | None]
    colour: Mapped[Colour] = mapped_column(default=Colour.GREEN)
    facts: Mapped[dict[str, Any] | None]
    token: Mapped[UUID] = mapped_column(default=uuid4)
    is_lent: Mapped[bool] = mapped_column(default=False)
    published_on: Mapped[date | None]
    weight: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=_now)
    stock: Mapped[int] = mapped_column(server_default="7")


class BookAdded(Schema):
    """The message of `book.added`."""

    id: int
    title: str
    pages: int
    price: Decimal | None = None
    colour: Colour
    created_at: StorableDatetime


BOOK_ADDED = EventDefinition(name="book.added", message=BookAdded, key="id")

_BY_TITLE = Selection(select(Book).where(Book.title == bindparam("title")))
_ALL = Selection(select(Book.id, Book.title).order_by(Book.id).limit(2))
_NEW = Insertion(Book)

WHOLE = {
    "title": "Sæd “1”",
    "pages": 2**40,
    "price": Decimal("12.5"),
    "colour": Colour.RED,
    "facts": {"a": [1, None, "é"]},
    "token": UUID(int=5),
    "is_lent": True,
    "published_on": date(2024, 2, 29),
    "weight": 0.1,
    "created_at": datetime(2024, 2, 29, 12, 0, 0, 5, timezone(timedelta(hours=2))),
}


@pytest.fixture
async def database(database: Database) -> Database:
    """A database with the tables of these tests, too."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return database


@pytest.fixture
def work(database: Database) -> UnitOfWorkFactory:
    """What opens units of work on it."""
    return UnitOfWorkFactory("shop", database.session)


async def _add(work: UnitOfWorkFactory, **values: Any) -> Row:
    """As the mediator does it: insert, and publish what the controller answers."""
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await _NEW.row(unit.session, **values)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    return book


async def test_a_row_is_read_as_the_orm_reads_it(work: UnitOfWorkFactory, database: Database) -> None:
    async with database.session() as session:
        session.add(Book(**WHOLE))
        await session.commit()
    async with work.query("books.get") as unit:
        row = await _BY_TITLE.first(unit.session, title=WHOLE["title"])
        book = (await unit.session.scalars(select(Book))).one()
    assert row is not None
    columns = [each.key for each in Book.__mapper__.column_attrs]
    assert {name: getattr(row, name) for name in columns} == {name: getattr(book, name) for name in columns}
    assert repr(row).startswith("Row(id=1, title=")


async def test_a_row_is_inserted_as_the_orm_inserts_it(work: UnitOfWorkFactory, database: Database) -> None:
    given = await _add(work, **WHOLE)
    filled = await _add(work, title="Defaults")
    async with database.session() as session:
        first, second = (await session.scalars(select(Book).order_by(Book.id))).all()
    for row, book in ((given, first), (filled, second)):
        for column in Book.__mapper__.column_attrs:
            assert getattr(row, column.key) == getattr(book, column.key), column.key
    assert {name: getattr(first, name) for name in WHOLE} == WHOLE
    assert (second.pages, second.colour, second.price, second.stock) == (1, Colour.GREEN, None, 7)


async def test_literals_and_limits_of_a_statement_count(work: UnitOfWorkFactory) -> None:
    for number in range(3):
        await _add(work, title=str(number))
    async with work.query("books.list") as unit:
        assert [row.title for row in await _ALL.all(unit.session)] == ["0", "1"]
        assert await _BY_TITLE.first(unit.session, title="nobody's") is None
        twice = Selection(select((Book.id * literal(2)).label("double")).where(Book.title == "2"))
        assert [row.double for row in await twice.all(unit.session)] == [6]


async def test_what_was_changed_before_is_seen(work: UnitOfWorkFactory) -> None:
    async with work.command("books.add") as unit:
        unit.session.add(Book(title="pending"))
        assert await _BY_TITLE.first(unit.session, title="pending") is not None


async def test_wrong_parameters_are_told(work: UnitOfWorkFactory) -> None:
    async with work.command("books.add") as unit:
        with pytest.raises(TypeError, match="takes title, not name"):
            await _BY_TITLE.first(unit.session, name="x")
        with pytest.raises(TypeError, match="`books` has no column name"):
            await _NEW.row(unit.session, name="x")


async def test_a_list_of_unknown_length_runs_or_is_refused_with_what_to_do(work: UnitOfWorkFactory) -> None:
    some = Selection(select(Book).where(Book.title.in_(bindparam("titles", expanding=True))))
    await _add(work, title="a")
    async with work.query("books.list") as unit:
        if unit.session.get_bind().dialect.name == "sqlite":
            assert len(await some.all(unit.session, titles=["a", "b"])) == 1
        else:
            with pytest.raises(TypeError, match=r"run it with `session\.execute`"):
                await some.all(unit.session, titles=["a", "b"])


async def test_an_insert_changes_nothing_in_a_query(work: UnitOfWorkFactory) -> None:
    with pytest.raises(WriteInQueryError, match="tried to change something"):
        async with work.query("books.list") as unit:
            await _NEW.row(unit.session, title="x")


async def test_errors_are_those_of_sqlalchemy(work: UnitOfWorkFactory) -> None:
    wrong = Selection(select(Book).where(text("nowhere = 1")))
    with pytest.raises(DBAPIError):
        async with work.query("books.list") as unit:
            await wrong.all(unit.session)


async def test_a_duplicate_is_an_integrity_error_and_may_stand_in_a_savepoint(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await _add(work, title="taken")
    with pytest.raises(IntegrityError):
        await _add(work, title="taken")
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        with pytest.raises(IntegrityError):
            async with unit.session.begin_nested():
                await _NEW.row(unit.session, title="taken")
        book = await _NEW.row(unit.session, title="free")
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    assert [row.key for row in await rows_of_outbox(database)] == ["1", str(book.id)]


def _is_the_event_of(event: Any, book: Row, number: int) -> None:
    message = BookAdded.model_validate(book)
    assert event.data == message.model_dump_json()
    assert (event.type, event.source, event.key, event.sequence) == (
        "book.added",
        "shop",
        str(book.id),
        number,
    )
    assert event.partition == partition_of_key(event.key)
    assert f'"subject": "{book.id}"' in event.attributes


async def test_the_event_is_that_of_two_statements(work: UnitOfWorkFactory, database: Database) -> None:
    books = [await _add(work, **{**WHOLE, "title": f'{number} " \\ \n é'}) for number in range(3)]
    for event, book in zip(await rows_of_outbox(database), books, strict=True):
        _is_the_event_of(event, book, 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_on_postgres_row_and_event_are_written_by_one_statement(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        await _NEW.row(unit.session, title="a")
        written = await unit.session.execute(text("SELECT type, key FROM framework_outbox"))
        assert written.all() == [("book.added", "1")]
    assert await rows_of_outbox(database) == [], "it was not published in the end"


async def test_what_is_published_in_the_end_counts(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = BookAdded.model_validate(await _NEW.row(unit.session, title="a"))
        await publish(broker, BOOK_ADDED, book.model_copy(update={"title": "b"}), unit.session)
    (event,) = await rows_of_outbox(database)
    assert BookAdded.model_validate_json(event.data).title == "b"


async def test_published_twice_it_is_two_events(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await _NEW.row(unit.session, title="a")
        for _ in range(2):
            await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    events = await rows_of_outbox(database)
    for number, event in enumerate(events, 1):
        _is_the_event_of(event, book, number)
    assert len(events) == 2


async def test_an_error_leaves_neither_row_nor_event(work: UnitOfWorkFactory, database: Database) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await _NEW.row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await rows_of_outbox(database) == []
    async with work.query("books.list") as unit:
        assert await _BY_TITLE.first(unit.session, title="a") is None


async def test_a_row_taken_back_takes_its_event_along(work: UnitOfWorkFactory, database: Database) -> None:
    values = {"id": 5, "title": "a", "created_at": _now()}
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        savepoint = await unit.session.begin_nested()
        await _NEW.row(unit.session, title="a")
        await savepoint.rollback()
        book = await _NEW.row(unit.session, **values)
        await unit.session.execute(delete(Book))
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    (event,) = await rows_of_outbox(database)
    assert event.key == "5"


async def test_text_that_looks_like_the_unknown_key_does_no_harm(
    work: UnitOfWorkFactory, database: Database
) -> None:
    book = await _add(work, title="4611686018427400249")
    (event,) = await rows_of_outbox(database)
    _is_the_event_of(event, book, 1)


async def test_an_event_with_an_id_of_its_own_keeps_it(work: UnitOfWorkFactory, database: Database) -> None:
    with with_event_id("mine"):
        await _add(work, title="a")
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
        await _add(work, title=str(number))
    rows = await rows_of_outbox(database)
    assert [row.key for row in rows] == [str(id_) for id_ in ids]
    assert [row.partition for row in rows] == [partition_of_key(row.key) for row in rows]


async def _add_last(work: UnitOfWorkFactory, **values: Any) -> Row:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await _NEW.last_row(unit.session, **values)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    return book


async def _titles(database: Database) -> list[str]:
    async with database.session() as session:
        return [*await session.scalars(select(Book.title).order_by(Book.id))]


async def test_a_last_row_tells_the_same_event(work: UnitOfWorkFactory, database: Database) -> None:
    books = [await _add_last(work, **{**WHOLE, "title": f"{number} é"}) for number in range(3)]
    events = await rows_of_outbox(database)
    for event, book in zip(events, books, strict=True):
        _is_the_event_of(event, book, 1)
    assert await _titles(database) == [book.title for book in books]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_last_row_is_committed_by_its_statement(work: UnitOfWorkFactory, database: Database) -> None:
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await _NEW.last_row(unit.session, title="a")
        assert (await _titles(database), len(await rows_of_outbox(database))) == (["a"], 1)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    assert len(await rows_of_outbox(database)) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nothing_may_follow_a_last_row(work: UnitOfWorkFactory, database: Database) -> None:
    async def add_two() -> None:
        async with work.command("books.add") as unit:
            await _NEW.last_row(unit.session, title="last")
            await _NEW.row(unit.session, title="too late")

    async def tell_another() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            book = BookAdded.model_validate(await _NEW.last_row(unit.session, title="told"))
            await publish(broker, BOOK_ADDED, book.model_copy(update={"title": "b"}), unit.session)

    for operation in (add_two, tell_another):
        with pytest.raises(SettledWorkError, match="went on after `last_row`"):
            await operation()
    assert await _titles(database) == ["last", "told"]
    assert [BookAdded.model_validate_json(row.data).title for row in await rows_of_outbox(database)] == [
        "told"
    ]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_fails_after_a_last_row_takes_nothing_back_and_is_logged(
    work: UnitOfWorkFactory, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await _NEW.last_row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await _titles(database), len(await rows_of_outbox(database))) == (["a"], 1)
    assert "books.add failed after its last row had been committed" in caplog.text


async def test_a_refused_last_row_leaves_nothing_and_can_be_caught(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await _add_last(work, title="taken")
    with pytest.raises(IntegrityError):
        await _add_last(work, title="taken")
    assert (await _titles(database), len(await rows_of_outbox(database))) == (["taken"], 1)


async def test_a_last_row_that_is_not_the_first_statement_belongs_to_the_transaction(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async def fail() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await unit.session.execute(select(Book.id))
            await _NEW.last_row(unit.session, title="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await _titles(database), await rows_of_outbox(database)) == ([], [])


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
    "read by a prepared statement": lambda unit, _: _ALL.all(unit.session),
    "read by the ORM": lambda unit, _: unit.session.get(Book, 5),
    "write": lambda unit, _: unit.session.execute(delete(Book)),
    "another row": lambda unit, _: _NEW.row(unit.session, title="too late"),
    "another last row": lambda unit, _: _NEW.last_row(unit.session, title="too late"),
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
            book = BookAdded.model_validate(await _NEW.last_row(unit.session, title="last"))
            if following in STATEMENTS:
                await STATEMENTS[following](unit, book)
                await _publish_its_event(unit, book)
            else:
                await PUBLICATIONS[following](unit, book)

    with pytest.raises(SettledWorkError, match=r"`books.add` went on after `last_row`, or .*Insert by `row`"):
        await go_on()
    stays = before == "first" and database.engine.dialect.name == "postgresql"
    assert await _titles(database) == (["last"] if stays else [])
    assert len(await rows_of_outbox(database)) == len(await _titles(database))


@pytest.mark.parametrize("before", ["first", "not first"])
async def test_without_an_event_of_its_own_a_last_row_is_followed_by_none(
    work: UnitOfWorkFactory, before: str
) -> None:
    async def tell() -> None:
        async with work.command("books.add") as unit:
            if before != "first":
                await unit.session.execute(select(Book.id))
            await _publish_its_event(
                unit, BookAdded.model_validate(await _NEW.last_row(unit.session, title="last"))
            )

    with pytest.raises(SettledWorkError):
        await tell()


async def test_a_refused_last_row_may_be_followed(work: UnitOfWorkFactory, database: Database) -> None:
    await _add_last(work, title="taken")
    async with work.command("books.add") as unit:
        with pytest.raises(IntegrityError):
            await _NEW.last_row(unit.session, title="taken")
        await _NEW.last_row(unit.session, title="free")
    assert await _titles(database) == ["taken", "free"]


async def test_an_answer_is_kept_after_a_last_row(work: UnitOfWorkFactory, database: Database) -> None:
    key = IdempotencyKey("key", "", "fingerprint")

    async def add() -> None:
        async with work.command("books.add", tells=BOOK_ADDED) as unit:
            await claim_key(unit, key)
            book = BookAdded.model_validate(await _NEW.last_row(unit.session, title="a"))
            await _publish_its_event(unit, book)
            await keep_answer(unit, key, 201, book, BookAdded)

    await add()
    with pytest.raises(AnsweredBefore):
        await add()
    assert (await _titles(database), len(await rows_of_outbox(database))) == (["a"], 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_prepared_statements_need_no_session_and_give_their_connections_back(
    work: UnitOfWorkFactory, database: Database
) -> None:
    for title in ("a", "a", "b"):
        with suppress(IntegrityError):
            await _add_last(work, title=title)
    async with work.command("books.add") as unit:
        await _NEW.last_row(unit.session, title="c")
        assert not vars(unit.session).keys() & {"sync_session"}
    async with work.query("books.list") as unit:
        assert [book.title for book in await _ALL.all(unit.session)] == ["a", "b"]
        assert not vars(unit.session).keys() & {"sync_session"}
        kept = unit.session
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        await _ALL.all(kept)
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_cancelled_at_any_moment_a_last_row_is_there_with_its_event_or_not(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await _add_last(work, title="first")
    ended = set()
    for step in range(40):
        task = asyncio.create_task(_add_last(work, title=f"{step}"))
        for _ in range(1 + step % 20):  # it has begun in any case
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        ended.add(task.cancelled())
        await asyncio.wait_for(_add_last(work, title=f"after {step}"), 10)
    assert True in ended, "all came too late"
    told = [BookAdded.model_validate_json(row.data).title for row in await rows_of_outbox(database)]
    assert sorted(told) == sorted(await _titles(database))
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_prepared_statements_find_the_server_that_was_started_again(
    work: UnitOfWorkFactory, postgres_server: PostgresServer
) -> None:
    async def read() -> int:
        async with work.query("books.list") as unit:
            return len(await _ALL.all(unit.session))

    await _add_last(work, title="a")
    assert await read() == 1
    postgres_server.kill()
    for attempt in (read, partial(_add_last, work, title="lost")):
        with pytest.raises((DBAPIError, OSError)):
            await attempt()
    postgres_server.start()
    await _add_last(work, title="b")
    assert await read() == 2
