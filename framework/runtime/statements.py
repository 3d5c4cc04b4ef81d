"""Statements that are prepared once and run often; what they return are plain rows.

SQLAlchemy words them. On PostgreSQL its driver runs them itself, in the transaction of the session as ever,
which takes a third of the time; on other databases SQLAlchemy does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import BindParameter, ClauseElement, Column, Select, Table, bindparam, insert, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import visitors

from framework.runtime.columns import is_faithful
from framework.runtime.driver import Place
from framework.runtime.events import Recorder
from framework.runtime.outbox.telling import Draft, draft, teller_of, telling, work_of
from framework.runtime.prepared import Prepared, Row, place_of, postgres_connection, prepare, row_class
from framework.runtime.sessions import ServiceSession

__all__ = ["Insertion", "Row", "Selection"]

_PREFIX: Final = "row_"
"""Begins the names of parameters for columns; SQLAlchemy keeps the names of columns for itself."""


class Selection:
    """A SELECT with `bindparam`s: `Selection(select(User).where(User.id == bindparam("user_id")))`.

    Of an entity it reads the columns, and nothing of its relationships.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        columns = statement.selected_columns
        self._statement: Final = statement.with_only_columns(*columns)
        self._columns: Final = tuple(columns)
        self._row: Final = row_class(columns.keys())
        self._names: Final = {each.key for each in _parameters(statement) if each.required}
        self._prepared: Prepared | None = None

    async def all(self, session: AsyncSession, **values: object) -> list[Row]:
        """All rows that the statement finds with these values of its parameters.

        Raises:
            TypeError: a parameter has no value, or a value no parameter.
        """
        if values.keys() != self._names:
            raise TypeError(f"the statement takes {_listed(self._names)}, not {_listed(values)}")
        place = await place_of(session)
        if place is None:
            return [self._row(row) for row in await session.execute(self._statement, values)]
        if self._prepared is None:
            self._prepared = await prepare(place, self._statement, self._columns)
        return await self._prepared.run(place, values, self._row)

    async def first(self, session: AsyncSession, **values: object) -> Row | None:
        """The first of these rows, if there is one; the statement should find no more."""
        rows = await self.all(session, **values)
        return rows[0] if rows else None


class Insertion:
    """An INSERT of one row of an entity, which returns it as it was stored: `Insertion(User)`.

    On PostgreSQL the event that the operation publishes of the row is written by the same statement, if its
    key is the number that the database gives the row.
    """

    def __init__(self, entity: type[DeclarativeBase]) -> None:
        mapper = inspect(entity)
        self._table: Final = cast("Table", mapper.local_table)
        self._columns: Final = {
            each.key: cast("Column[Any]", each.columns[0]) for each in mapper.column_attrs
        }
        self._faithful: Final = {name for name, each in self._columns.items() if is_faithful(each.type)}
        self._row: Final = row_class(self._columns)
        self._statement: Final = insert(self._table).returning(*self._columns.values())
        self._defaults: Final = dict(self._find_defaults())
        self._prepared: dict[tuple[frozenset[str], str], Prepared] = {}

    async def row(self, session: AsyncSession, **values: object) -> Row:
        """Insert a row of these values, and of Python's defaults for the others.

        Raises:
            IntegrityError: the database refuses the row, and so all that follows in the transaction, unless
                this was called inside of `async with session.begin_nested():`.
            TypeError: a value belongs to no column.
        """
        row = self._completed(values)
        place = await postgres_connection(session)
        drafted = None if place is None else self._draft(session, row)
        return await self._insert(session, place, row, drafted)

    async def last_row(self, session: AsyncSession, **values: object) -> Row:
        """Insert a row as `row` does, as the last thing that an operation does: what follows is refused.

        On PostgreSQL, if it is the first statement, too, row and event are committed by it: one round trip,
        where else there are three. What fails afterwards takes neither back.

        Raises:
            IntegrityError: the database refuses the row.
            SettledWorkError: not from here, but from what follows, on every database: a statement, be it only
                to read, or the end of the unit of work, if another event was published than that of the row.
            TypeError: a value belongs to no column.
        """
        work = work_of(session)
        row = self._completed(values)
        drafted = self._draft(session, row)
        place: Place | None = None if work is None else _place_alone(session, work, drafted)
        if place is None:
            place = await postgres_connection(session)
        inserted = await self._insert(session, place, row, drafted)
        if work is not None:
            told = None if drafted is None else drafted.told(getattr(inserted, drafted.key))
            work.settle(told, is_committed=isinstance(place, AsyncEngine))
        return inserted

    async def _insert(
        self, session: AsyncSession, place: Place | None, row: Mapping[str, object], drafted: Draft | None
    ) -> Row:
        """Insert a row, on PostgreSQL with the event that is drafted."""
        if place is None:
            named = {self._columns[name].key: value for name, value in row.items()}
            return self._row((await session.execute(self._statement, named)).one())
        prepared = await self._prepare(place, row, drafted)
        (inserted,) = await prepared.run(place, _arguments(row, drafted), self._row)
        work = work_of(session)
        if work is not None and drafted is not None:
            work.told = drafted.told(getattr(inserted, drafted.key))
        return inserted

    async def _prepare(self, place: Place, names: Iterable[str], drafted: Draft | None) -> Prepared:
        """Word the insert of columns with these names, and of the event if there is a draft."""
        key = "" if drafted is None else drafted.key
        shape = frozenset(names), key
        prepared = self._prepared.get(shape)
        if prepared is None:
            values = {
                self._columns[name]: bindparam(_PREFIX + name, type_=self._columns[name].type)
                for name in names
            }
            insertion = self._statement.values(values)
            statement = telling(insertion, self._columns[key]) if key else insertion
            prepared = self._prepared[shape] = await prepare(place, statement, [*self._columns.values()])
        return prepared

    def _draft(self, session: AsyncSession, row: Mapping[str, object]) -> Draft | None:
        """The event that will be published of this row, if everything in it but the key is known.

        What is known is what the database will give back as it was given, to the letter.
        """
        teller = teller_of(session)
        definition = None if teller is None else teller.tells
        if (
            teller is None
            or definition is None
            or self._columns.get(definition.key or "") is not self._table.autoincrement_column
        ):
            return None
        told = self._columns.keys() & definition.message.model_fields.keys()
        if told - row.keys() != {definition.key}:
            return None
        is_known = all(row[name] is None for name in told - self._faithful)
        return draft(definition, row, source=teller.source) if is_known else None

    def _completed(self, values: Mapping[str, object]) -> dict[str, object]:
        if unknown := values.keys() - self._columns.keys():
            raise TypeError(f"`{self._table.name}` has no column {_listed(unknown)}")
        return {name: default() for name, default in self._defaults.items() if name not in values} | dict(
            values
        )

    def _find_defaults(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What Python knows of the columns that a caller leaves out."""
        for name, column in self._columns.items():
            default: Any = column.default
            if default is None:
                if column.nullable and column.server_default is None and column.computed is None:
                    yield name, _nothing
            elif default.is_scalar:
                yield name, partial(_same, default.arg)
            elif default.is_callable:
                yield name, partial(default.arg, None)


def _place_alone(session: AsyncSession, work: Recorder, drafted: Draft | None) -> AsyncEngine | None:
    """Where a row, with the event if there will be one, can be all that `work` does."""
    if not isinstance(session, ServiceSession) or work.has_recorded:
        return None
    return session.lone_engine if work.tells is None or drafted is not None else None


def _arguments(row: Mapping[str, object], drafted: Draft | None) -> dict[str, object]:
    arguments = {_PREFIX + name: value for name, value in row.items()}
    return arguments if drafted is None else {**arguments, **drafted.values}


def _nothing() -> None:
    """The default of a column that has none."""


def _same(value: object) -> object:
    return value


def _parameters(statement: ClauseElement) -> Iterator[BindParameter[Any]]:
    return (part for part in visitors.iterate(statement) if isinstance(part, BindParameter))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
