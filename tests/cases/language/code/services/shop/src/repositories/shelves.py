"""Reading and writing shelves."""

from decimal import Decimal

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.keyset import Keyset
from framework.runtime.pages import Page, PageRequest
from services.shop.src.models import Shelf
from shared.generated.schemas import ShelfRead

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


async def add(session: AsyncSession, shelf: Shelf) -> None:
    """Insert `shelf` and give it its id."""
    session.add(shelf)
    await session.flush()
