"""Books: a table with a value of every kind, and the event of a new one."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, MetaData, bindparam, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.columns import COLUMN_TYPES
from framework.runtime.database import Database
from framework.runtime.events import EventDefinition, publish
from framework.runtime.outbox.writing import partition_of_key
from framework.runtime.schema import Schema
from framework.runtime.statements import Insertion, Row, Selection
from framework.runtime.types import StorableDatetime
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import broker


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

BY_TITLE = Selection(select(Book).where(Book.title == bindparam("title")))
FIRST_TWO = Selection(select(Book.id, Book.title).order_by(Book.id).limit(2))
NEW = Insertion(Book)

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


async def create_books(database: Database) -> None:
    """Make the table."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def add(work: UnitOfWorkFactory, **values: Any) -> Row:
    """As the mediator does it: insert, and publish what the controller answers."""
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await NEW.row(unit.session, **values)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    return book


async def add_last(work: UnitOfWorkFactory, **values: Any) -> Row:
    """The same, with a row that nothing follows."""
    async with work.command("books.add", tells=BOOK_ADDED) as unit:
        book = await NEW.last_row(unit.session, **values)
        await publish(broker, BOOK_ADDED, BookAdded.model_validate(book), unit.session)
    return book


async def titles(database: Database) -> list[str]:
    """Those of all books, in the order of their numbers."""
    async with database.session() as session:
        return [*await session.scalars(select(Book.title).order_by(Book.id))]


def is_the_event_of(event: Any, book: Row, number: int) -> None:
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
