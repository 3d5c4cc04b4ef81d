"""Changing rows that have a version: the condition of the caller is part of the statement that writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Table, bindparam, delete, exists, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from framework.runtime.keyset import columns_for
from framework.runtime.versions import IfMatch, stale

T = TypeVar("T", bound=BaseModel)

_KEY: Final = "row_key"
_VERSIONS: Final = "row_versions"


class Versioned(Generic[T]):
    """The rows of a mapped class with a column `version`. Make one beside the other statements:

        _USERS = Versioned(User, UserRead)

        async def rename(session: AsyncSession, user_id: int, name: str, if_match: IfMatch):
            return await _USERS.update(session, user_id, {"name": name}, if_match)

    Nobody comes between the look at the version and the change: one statement does both. What a session has
    loaded of the row before stays as it was.
    """

    def __init__(self, table: type[DeclarativeBase], item: type[T]) -> None:
        """Raises TypeError if `table` is not one table with a key of one column, and a `version`."""
        mapper = inspect(table)
        rows = mapper.local_table
        has_one_key = len(mapper.tables) == len(mapper.primary_key) == 1
        if not (isinstance(rows, Table) and has_one_key and "version" in mapper.columns):
            raise TypeError(f"{table.__name__} is not one table with one key and a column `version`")
        self._item: TypeAdapter[T] = TypeAdapter(item)
        self._columns = {name: column.key for name, column in mapper.columns.items()}
        version = mapper.columns["version"]
        is_it = mapper.primary_key[0] == bindparam(_KEY)
        is_seen = version.in_(bindparam(_VERSIONS, expanding=True))
        columns = columns_for(table, item).selected_columns
        change = update(rows).where(is_it).values({version.key: version + 1}).returning(*columns)
        removal = delete(rows).where(is_it).returning(mapper.primary_key[0])
        self._change, self._change_seen = change, change.where(is_seen)
        self._removal, self._removal_seen = removal, removal.where(is_seen)
        self._is_there = select(exists().where(is_it))

    async def update(
        self, session: AsyncSession, key: object, values: Mapping[str, object], if_match: IfMatch
    ) -> T | None:
        """Set `values`, by the names of attributes, and the next version; None if there is no such row.

        Raises:
            PreconditionFailed: the row has a version that the caller has not seen.
        """
        written = {self._columns[name]: value for name, value in values.items()}
        row = await self._run(session, self._change, self._change_seen, {**written, _KEY: key}, if_match)
        return None if row is None else self._item.validate_python(row, from_attributes=True)

    async def delete(self, session: AsyncSession, key: object, if_match: IfMatch) -> bool:
        """Delete the row; False if there is none.

        Raises:
            PreconditionFailed: the row has a version that the caller has not seen.
        """
        return await self._run(session, self._removal, self._removal_seen, {_KEY: key}, if_match) is not None

    async def _run(
        self, session: AsyncSession, any_: Any, seen: Any, values: dict[str, object], if_match: IfMatch
    ) -> Any:
        versions = if_match.versions
        if versions is None:
            return (await session.execute(any_, values)).first()
        row = (await session.execute(seen, {**values, _VERSIONS: list(versions)})).first()
        if row is None and await session.scalar(self._is_there, {_KEY: values[_KEY]}):
            raise stale()
        return row
