"""Reading and writing shelves."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.keyset import Keyset
from framework.runtime.pages import Page, PageRequest
from framework.runtime.versioned import Versioned
from framework.runtime.versions import IfMatch
from services.shop.src.models import Shelf
from shared.generated.schemas import ShelfRead

_VERSIONED = Versioned(Shelf, ShelfRead)
_ALL = Keyset(Shelf, ShelfRead)
_LABELLED = Keyset(Shelf, ShelfRead, Shelf.label == bindparam("wanted"))
_EXPENSIVE = Keyset(Shelf, ShelfRead, Shelf.price >= bindparam("least"))


async def page(session: AsyncSession, request: PageRequest) -> Page[ShelfRead]:
    """Shelves of all kinds."""
    return await _ALL.page(session, request)


async def labelled(session: AsyncSession, label: str, request: PageRequest) -> Page[ShelfRead]:
    """Shelves with this label."""
    return await _LABELLED.page(session, request, wanted=label)


async def expensive(session: AsyncSession, least: Decimal, request: PageRequest) -> Page[ShelfRead]:
    """Shelves that cost at least this."""
    return await _EXPENSIVE.page(session, request, least=least)


async def get(session: AsyncSession, shelf_id: int) -> Shelf | None:
    """The shelf with this id, if there is one."""
    return await session.get(Shelf, shelf_id)


async def change(
    session: AsyncSession, shelf_id: int, values: Mapping[str, object], if_match: IfMatch
) -> ShelfRead | None:
    """Set `values`, if the shelf is what the caller has seen; None if there is no such shelf."""
    return await _VERSIONED.update(session, shelf_id, values, if_match)


async def remove(session: AsyncSession, shelf_id: int, if_match: IfMatch) -> bool:
    """Delete the shelf, if it is what the caller has seen; False if there is no such shelf."""
    return await _VERSIONED.delete(session, shelf_id, if_match)


async def add(session: AsyncSession, shelf: Shelf) -> None:
    """Insert `shelf` and give it its id."""
    session.add(shelf)
    await session.flush()
