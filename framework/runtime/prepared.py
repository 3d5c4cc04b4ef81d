"""Statements as PostgreSQL's driver takes them, and the plain rows that come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import ClauseElement, ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from framework.runtime.driver import Place, fetch, types_of
from framework.runtime.sessions import POSTGRES, ServiceSession, flush_changes


class Row(tuple[Any, ...]):
    """The values of columns, which are its attributes. No session knows it: nothing is loaded later."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, column: str) -> Any:
            """The value of a column."""


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
        self, place: Place, values: Mapping[str, object], row: Callable[[Iterable[Any]], Row]
    ) -> list[Row]:
        """Run it there."""
        arguments = [
            values.get(name, default) if to_driver is None else to_driver(values.get(name, default))
            for name, default, to_driver in self._parameters
        ]
        found = await fetch(place, self._text, arguments)
        if not self._from_driver:
            return [row(each) for each in found]
        return [row(self._translated(each)) for each in found]

    def _translated(self, record: Iterable[Any]) -> list[Any]:
        values = list(record)
        for place, translate in self._from_driver:
            values[place] = translate(values[place])
        return values


async def prepare(place: Place, statement: ClauseElement, columns: Sequence[ColumnElement[Any]]) -> Prepared:
    """Make of a statement what the driver takes; `columns` are those that it returns.

    Raises:
        TypeError: its text depends on its values, as that of an IN with a list does.
    """
    dialect: Any = place.dialect
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
    types = await types_of(place, text)
    from_driver = [
        column.type.dialect_impl(dialect).result_processor(dialect, type_)
        for column, type_ in zip(columns, types, strict=True)
    ]
    return Prepared(
        text, parameters, [(place, each) for place, each in enumerate(from_driver) if each is not None]
    )


async def place_of(session: AsyncSession) -> Place | None:
    """Where a statement that belongs to `session` is run on PostgreSQL; None if that is another database."""
    if isinstance(session, ServiceSession) and session.stands_alone:
        lone = session.lone_engine
        if lone is not None:
            return lone
    return await postgres_connection(session)


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
