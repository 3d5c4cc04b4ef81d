"""Lists read page by page, and rows that have a version, on each database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, event, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime import prepared
from framework.runtime.database import Database
from framework.runtime.driver import fetch
from framework.runtime.errors import PreconditionFailed
from framework.runtime.keyset import Keyset
from framework.runtime.pages import Page, PageOrder, items_of
from framework.runtime.schema import Schema
from framework.runtime.types import Int64
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.runtime.versioned import Versioned
from framework.runtime.versions import IfMatch


class Base(DeclarativeBase):
    """The tables of this module."""


class Ware(Base):
    """Something with a price that others have too."""

    __tablename__ = "wares"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price: Mapped[int]
    note: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class Label(Base):
    """A table whose rows have no version, and a key of two columns."""

    __tablename__ = "labels"

    ware: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)


class WareRead(Schema):
    """What is shown of a ware."""

    id: int
    price: int
    version: int


class LabelRead(Schema):
    """What is shown of a label."""

    ware: int
    colour: str


BY_PRICE = PageOrder("wares.list_wares", {"price": Int64, "id": Int64})
DEAREST_FIRST = PageOrder("wares.list_dear", {"price": Int64, "id": Int64}, descending=True)
WARES = Keyset(Ware, WareRead, order=BY_PRICE)
CHEAP = Keyset(Ware, WareRead, Ware.price <= bindparam("most"))
VERSIONED = Versioned(Ware, WareRead)


@pytest.fixture
async def wares(database: Database) -> Database:
    """The database with its tables; ids that are not tens stay as they are."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        rows = [{"id": number, "price": number * 7 % 5, "version": 1} for number in range(1, 100)]
        await connection.execute(insert(Ware), [row for row in rows if row["id"] % 10])
    return database


async def read(work: UnitOfWorkFactory, keyset: Keyset[WareRead], order: PageOrder, limit: int) -> list[int]:
    """The ids of all pages, each of which is read in a transaction of its own."""
    asked: set[str | None] = set()

    async def ask(cursor: str | None) -> Page[WareRead]:
        assert cursor not in asked, "the same page again"
        asked.add(cursor)
        async with work.query("list") as open_work:
            request = order.request(limit, order.read(cursor) if cursor else None)
            page = await keyset.page(open_work.session, request)
            assert len(page.items) <= limit
            return page

    return [ware.id async for ware in items_of(ask)]


@pytest.mark.parametrize("order", [BY_PRICE, DEAREST_FIRST], ids=["up", "down"])
async def test_what_is_there_all_the_time_is_told_once_while_others_come_and_go(
    wares: Database, work: UnitOfWorkFactory, order: PageOrder
) -> None:
    is_read = asyncio.Event()

    async def come_and_go(number: int) -> int:
        rounds = 0
        while not is_read.is_set():
            async with work.command("come") as open_work:
                row = {"id": number, "price": rounds % 5, "version": 1}
                await open_work.session.execute(insert(Ware), row)
            async with work.command("go") as open_work:
                await open_work.session.execute(delete(Ware).where(Ware.id == number))
            rounds += 1
        return rounds

    writers = [asyncio.create_task(come_and_go(number)) for number in (10, 50, 90)]
    try:
        told = [await read(work, WARES, order, limit) for limit in (1, 7)]
    finally:
        is_read.set()
    assert all(await asyncio.gather(*writers)), "nobody wrote meanwhile"

    staying = [number for number in range(1, 100) if number % 10]
    expected = sorted(staying, key=lambda number: (number * 7 % 5, number), reverse=order.is_descending)
    for ids in told:
        assert [number for number in ids if number % 10] == expected


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of statements that read, as the driver of PostgreSQL or SQLAlchemy runs them."""
    told: list[str] = []

    async def noted(connection: AsyncConnection, text: str, values: Sequence[object]) -> list[Any]:
        told.append(text)
        return await fetch(connection, text, values)

    monkeypatch.setattr(prepared, "fetch", noted)
    return told


async def test_a_page_is_one_statement_for_what_is_shown_and_one_row_more(
    wares: Database, work: UnitOfWorkFactory, statements: list[str]
) -> None:
    async with work.query("list") as open_work:
        engine = open_work.session.get_bind().engine
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        first = await CHEAP.page(open_work.session, BY_PRICE.request(3), most=1)
        cursor = BY_PRICE.read(first.next_cursor or "")
        await CHEAP.page(open_work.session, BY_PRICE.request(3, cursor), most=1)

    selects = [text for text in dict.fromkeys(statements) if text.startswith("SELECT wares")]
    assert len(selects) == 2
    assert all("note" not in text for text in selects)
    assert "(wares.price, wares.id) >" in selects[1]


def refused() -> Iterator[tuple[Keyset[WareRead], PageOrder, str]]:
    """Queries that have no such order, and what is said of them."""
    yield WARES, PageOrder("x", {"name": Int64}), "selects no 'name'"
    yield WARES, PageOrder("x", {"price": Int64}), "may have the same wares.price"
    with_note = Keyset(select(Ware.id, Ware.price, Ware.version, Ware.note), WareRead)
    yield with_note, PageOrder("x", {"note": Int64, "id": Int64}), "wares.note may be NULL"


async def test_what_is_no_order_is_refused(wares: Database, work: UnitOfWorkFactory) -> None:
    async with work.query("list") as open_work:
        for keyset, order, words in refused():
            with pytest.raises(TypeError, match=words):
                await keyset.page(open_work.session, order.request(3))
    with pytest.raises(TypeError, match="may have the same wares"):
        Keyset(Ware, WareRead, order=PageOrder("x", {"price": Int64}))
    with pytest.raises(TypeError, match="Label has no 'colour', which LabelRead needs"):
        Keyset(Label, LabelRead)
    with pytest.raises(TypeError, match="Label is not one table with one key and a column `version`"):
        Versioned(Label, LabelRead)


async def test_a_change_is_made_of_the_version_that_was_seen(
    wares: Database, work: UnitOfWorkFactory
) -> None:
    async def change(session: AsyncSession, key: int, if_match: IfMatch) -> WareRead | None:
        return await VERSIONED.update(session, key, {"price": 9, "note": "n"}, if_match)

    async with work.command("change") as open_work:
        session = open_work.session
        assert await change(session, 1, IfMatch.of(1)) == WareRead(id=1, price=9, version=2)
        assert await change(session, 1, IfMatch.any()) == WareRead(id=1, price=9, version=3)
        assert await change(session, 1, IfMatch.parse('"2", "3"')) == WareRead(id=1, price=9, version=4)
        for seen in (IfMatch.of(3), IfMatch.parse('W/"4"'), IfMatch.parse('"four"')):
            with pytest.raises(PreconditionFailed):
                await change(session, 1, seen)
            with pytest.raises(PreconditionFailed):
                await VERSIONED.delete(session, 1, seen)
        assert await change(session, 10, IfMatch.of(1)) is None
        assert await VERSIONED.delete(session, 10, IfMatch.of(1)) is False
        assert await VERSIONED.delete(session, 1, IfMatch.of(4)) is True
        assert await session.get(Ware, 1) is None


async def test_a_version_that_was_read_can_be_required() -> None:
    IfMatch.of(7).require(7)
    IfMatch.any().require(8)
    with pytest.raises(PreconditionFailed):
        IfMatch.of(7).require(8)
