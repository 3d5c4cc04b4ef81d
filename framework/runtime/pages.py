"""Lists in pages: what a controller is asked for and answers, and the cursors that lead from page to page.

A cursor says after which item a page begins, by the values that order the items. So what is inserted or
deleted between two pages moves no other item from one page to the next, as it would if items were counted.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final, Generic, TypeVar

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from framework.runtime.schema import Schema

T = TypeVar("T")

_MARK: Final = 6
"""Bytes by which a cursor is told from those of other operations, and of other orders."""
_CURSOR: Final = "^[A-Za-z0-9_-]+$"
_IS_CURSOR: Final = re.compile(_CURSOR)


class Page(Schema, Generic[T]):
    """Some of many items, in their order."""

    items: list[T]
    next_cursor: str | None = Field(
        description="What to send as `cursor` for the items after these; null if there are none."
    )


class Cursor:
    """A place in an order: `values` are those of the item after which a page begins."""

    __slots__ = ("values",)

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"Cursor({self.values!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


class PageOrder:
    """The order of one operation's items, and its cursors.

    In an annotation it reads the cursors of this order, and refuses all others:
    `Annotated[Cursor | None, Query(), LIST_USERS_ORDER]`.
    """

    def __init__(self, operation: str, keys: Mapping[str, Any], *, descending: bool = False) -> None:
        """`keys` are the fields that order the items, with their types; no two items share all values."""
        self.keys = tuple(keys)
        self.is_descending = descending
        self._types = tuple(keys.values())
        words = f"{operation}\n{'-' if descending else ''}{','.join(keys)}"
        self._mark = blake2b(words.encode(), digest_size=_MARK).digest()

    def request(self, limit: int, cursor: Cursor | None = None) -> PageRequest:
        """Ask for a page of at most `limit` items: the first one, or that after `cursor`."""
        return PageRequest(self, limit, cursor.values if cursor else None)

    def cursor(self, item: object) -> str:
        """Tell the place of `item`, an object with the fields of the order."""
        values = tuple([getattr(item, key) for key in self.keys])
        return base64.urlsafe_b64encode(self._mark + self._adapter.dump_json(values)).decode().rstrip("=")

    def read(self, text: str) -> Cursor:
        """Read what `cursor` wrote.

        Raises:
            ValueError: it is a cursor of something else, or none.
        """
        data = b""
        if _IS_CURSOR.fullmatch(text):
            with suppress(binascii.Error):
                data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if data[:_MARK] != self._mark:
            raise ValueError("not a cursor of this list")
        return Cursor(self._adapter.validate_json(data[_MARK:]))

    @cached_property
    def _adapter(self) -> TypeAdapter[tuple[Any, ...]]:
        return TypeAdapter(tuple[self._types])  # type: ignore[name-defined]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = core_schema.no_info_after_validator_function(self._given, core_schema.str_schema())
        is_optional = handler(source)["type"] == "nullable"
        return core_schema.nullable_schema(read) if is_optional else read

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": _CURSOR}

    def _given(self, text: str) -> Cursor:
        try:
            return self.read(text)
        except ValueError:  # Pydantic's errors are such, too
            raise PydanticCustomError(
                "cursor", "Input should be a cursor of this list, as `next_cursor` of a page says it"
            ) from None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: at most `limit` items after the one with the values `after` of the order."""

    order: PageOrder
    limit: int
    after: tuple[Any, ...] | None = None

    def of(self, items: Sequence[T]) -> Page[T]:
        """The page of `items`, which are in order; one more than `limit` tells that another page follows."""
        told = list(items[: self.limit])
        is_last = len(items) <= self.limit
        return Page(items=told, next_cursor=None if is_last else self.order.cursor(told[-1]))


async def items_of(ask: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Go through the items of all pages; `ask` gets the page of a cursor, the first one that of None."""
    cursor: str | None = None
    while True:
        page = await ask(cursor)
        for item in page.items:
            yield item
        cursor = page.next_cursor
        if cursor is None:
            return
