"""Statements that are prepared once and run often; what they return are plain rows.

SQLAlchemy words them. On PostgreSQL its driver runs them itself, in the transaction of the session as ever,
which takes a third of the time; on other databases SQLAlchemy does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.sql import visitors

from framework.runtime.driver import fetch, types_of
from framework.runtime.sessions import flush_changes

POSTGRES: Final = "postgresql"


class Row(tuple[Any, ...]):
    """The values of columns, which are its attributes. No session knows it: nothing is loaded later."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, column: str) -> Any:
            """The value of a column."""


class Selection:
    """A SELECT with `bindparam`s: `Selection(select(User).where(User.id == bindparam("user_id")))`.

    Of an entity it reads the columns, and nothing of its relationships.
    """

    def __init__(self, statement: Select[Any]) -> None:
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
        connection = await postgres_connection(session)
        if connection is None:
            return [self._row(row) for row in await session.execute(self._statement, values)]
        if self._prepared is None:
            self._prepared = await prepare(connection, self._statement, self._columns)
        return await self._prepared.run(connection, values, self._row)

    async def first(self, session: AsyncSession, **values: object) -> Row | None:
        """The first of these rows, if there is one; the statement should find no more."""
        rows = await self.all(session, **values)
        return rows[0] if rows else None


def _parameters(statement: ClauseElement) -> Iterator[BindParameter[Any]]:
    return (part for part in visitors.iterate(statement) if isinstance(part, BindParameter))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


class Parameter(NamedTuple):
    """A place in a prepared statement."""

    name: str
    default: object
    to_driver: Callable[[Any], Any] | None


class Prepared:
    """A statement as PostgreSQL's driver takes it, and what its values become on the way there and back."""

    def __init__(
        self,
        text: str,
        parameters: Sequence[Parameter],
        from_driver: Sequence[tuple[int, Callable[[Any], Any]]],
    ) -> None:
        self._text: Final = text
        self._parameters: Final = parameters
        self._from_driver: Final = from_driver

    async def run(
        self, connection: AsyncConnection, values: Mapping[str, object], row: Callable[[Iterable[Any]], Row]
    ) -> list[Row]:
        """Run it, as one of the statements of the transaction at hand."""
        arguments = [
            values.get(name, default) if to_driver is None else to_driver(values.get(name, default))
            for name, default, to_driver in self._parameters
        ]
        found = await fetch(connection, self._text, arguments)
        if not self._from_driver:
            return [row(each) for each in found]
        return [row(self._translated(each)) for each in found]

    def _translated(self, record: Iterable[Any]) -> list[Any]:
        values = list(record)
        for place, translate in self._from_driver:
            values[place] = translate(values[place])
        return values


async def prepare(
    connection: AsyncConnection, statement: ClauseElement, columns: Sequence[ColumnElement[Any]]
) -> Prepared:
    """Make of a statement what the driver takes; `columns` are those that it returns.

    Raises:
        TypeError: its text depends on its values, as that of an IN with a list does.
    """
    dialect: Any = connection.dialect
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise TypeError(
            "the text of this statement depends on its values, as that of an IN with a list does, so that it "
            "cannot be prepared: run it with `session.execute`."
        )
    text = str(compiled)
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    parameters = [
        Parameter(bind.key, bind.effective_value, bind.type.dialect_impl(dialect).bind_processor(dialect))
        for bind in binds
    ]
    # What a value becomes may depend on the type that the database says it has.
    types = await types_of(connection, text)
    from_driver = [
        column.type.dialect_impl(dialect).result_processor(dialect, type_)
        for column, type_ in zip(columns, types, strict=True)
    ]
    return Prepared(
        text, parameters, [(place, each) for place, each in enumerate(from_driver) if each is not None]
    )


async def postgres_connection(session: AsyncSession) -> AsyncConnection | None:
    """The connection of a session on PostgreSQL, on which everything changed in memory has been written."""
    if session.get_bind().dialect.name != POSTGRES:
        return None
    if session.sync_session.autoflush:
        await flush_changes(session)
    return await session.connection()


def row_class(names: Iterable[str]) -> type[Row]:
    """Make the class of rows with columns of these names, in this order."""
    columns = {name: property(itemgetter(place)) for place, name in enumerate(names)}
    return type("Row", (Row,), {"__slots__": (), "__repr__": _repr(tuple(columns)), **columns})


def _repr(names: Sequence[str]) -> Callable[[Row], str]:
    def show(row: Row) -> str:
        return f"Row({', '.join(f'{name}={value!r}' for name, value in zip(names, row, strict=True))})"

    return show
