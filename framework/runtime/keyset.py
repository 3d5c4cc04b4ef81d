"""Reading a table page by page with keyset queries: each page is found by an index, however far it is."""

from __future__ import annotations

from typing import Any, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import (
    Column,
    ColumnElement,
    ColumnExpressionArgument,
    Integer,
    Select,
    UniqueConstraint,
    bindparam,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from framework.runtime.pages import Page, PageOrder, PageRequest
from framework.runtime.statements import Selection

T = TypeVar("T", bound=BaseModel)

_LIMIT: Final = "page_limit"
_AFTER: Final = "page_after_"


class _Statements(NamedTuple):
    """The query for the first page in an order, and that for the pages after it."""

    first: Selection
    next: Selection


class Keyset(Generic[T]):
    """Rows of a database as pages of models. Make one for each list, beside the other statements:

        _LIST = Keyset(User, UserRead, order=LIST_USERS_ORDER)

        async def page(session: AsyncSession, request: PageRequest) -> Page[UserRead]:
            return await _LIST.page(session, request)

    What is selected are the columns that the model has fields for, and no others; by conditions, only some
    rows: `Keyset(User, UserRead, User.name == bindparam("name"))`.
    """

    def __init__(
        self,
        source: type[DeclarativeBase] | Select[*tuple[Any, ...]],
        item: type[T],
        *conditions: ColumnExpressionArgument[bool],
        order: PageOrder | None = None,
    ) -> None:
        """`source` is a mapped class, or a query of columns with the names of the fields of `item`.

        What varies from request to request in `conditions` is a `bindparam`, whose value `page` is given.
        `order` is that of the pages, so that one which cannot be is told at the start of the service, and
        not with the first request; others may be asked for as well.

        Raises:
            TypeError: a field of `item` has no column; or as `page` does, of this `order`.
        """
        query = source if isinstance(source, Select) else columns_for(source, item)
        self._select = query.where(*conditions)
        self._page: TypeAdapter[Page[T]] = TypeAdapter(Page[item])  # type: ignore[valid-type]
        self._statements: dict[PageOrder, _Statements] = {}
        if order is not None:
            self._columns(order)

    async def page(self, session: AsyncSession, request: PageRequest, **parameters: object) -> Page[T]:
        """Read the page that is asked for; `parameters` are the values of the conditions' `bindparam`s.

        Raises:
            TypeError: the query has no such order: a column of it is missing or may be NULL, or rows may
                share all its values.
        """
        statements = self._statements.get(request.order)
        if statements is None:
            statements = self._statements[request.order] = self._prepare(request.order)
        values: dict[str, object] = {**parameters, _LIMIT: request.limit + 1}
        statement = statements.first
        if request.after is not None:
            statement = statements.next
            values |= {f"{_AFTER}{index}": value for index, value in enumerate(request.after)}
        rows = await statement.all(session, **values)
        is_last = len(rows) <= request.limit
        told = rows[: request.limit]
        cursor = None if is_last else request.order.cursor(told[-1])
        return self._page.validate_python({"items": told, "next_cursor": cursor}, from_attributes=True)

    def _prepare(self, order: PageOrder) -> _Statements:
        columns = self._columns(order)
        ordered = self._select.order_by(
            *(column.desc() if order.is_descending else column.asc() for column in columns)
        ).limit(bindparam(_LIMIT, type_=Integer()))
        place = tuple_(*columns)
        after = tuple_(
            *(bindparam(f"{_AFTER}{index}", type_=column.type) for index, column in enumerate(columns))
        )
        later = ordered.where(place < after if order.is_descending else place > after)
        return _Statements(Selection(ordered), Selection(later))

    def _columns(self, order: PageOrder) -> list[ColumnElement[Any]]:
        columns = [_ordered_by(self._select, key) for key in order.keys]
        _require_unique(columns[-1], order.keys[-1])
        return columns


def columns_for(table: type[DeclarativeBase], item: type[BaseModel]) -> Select[*tuple[Any, ...]]:
    """A query of the columns that `item` has fields for. Raises TypeError if a field lacks one."""
    columns = []
    stored = table.__mapper__.column_attrs
    for name, field in item.model_fields.items():
        if name in stored:
            columns.append(getattr(table, name).label(name))
        elif field.is_required():
            raise TypeError(f"{table.__name__} has no {name!r}, which {item.__name__} needs: write a query")
    return select(*columns)


def _ordered_by(query: Select[*tuple[Any, ...]], key: str) -> ColumnElement[Any]:
    """The column of a key; one that may be NULL has no place in an order, and would be on no page."""
    found = query.selected_columns.get(key)
    if found is None:
        raise TypeError(f"the query selects no {key!r}, which the pages are ordered by")
    column = getattr(found, "element", found)  # behind its label
    if getattr(column, "nullable", False):
        raise TypeError(f"{column} may be NULL, and pages are ordered by what always has a value")
    return column


def _require_unique(column: ColumnElement[Any], key: str) -> None:
    """Refuse a column in which rows may be equal, as far as its table tells."""
    if not isinstance(column, Column) or column.table is None:
        return
    table = column.table
    unique = [set(table.primary_key.columns)]
    unique += [set(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [set(each.columns) for each in table.indexes if each.unique]
    if {column} not in unique:
        raise TypeError(
            f"rows may have the same {column}: pages end with a column in which none are equal, and {key!r} "
            "has no unique constraint"
        )
