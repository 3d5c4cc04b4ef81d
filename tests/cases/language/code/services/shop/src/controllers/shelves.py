"""The business logic of the domain `shelves`."""

from decimal import Decimal
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from framework.runtime.versions import IfMatch
from services.shop.src.models import Shelf
from services.shop.src.repositories import shelves
from shared.generated.errors import NotFound
from shared.generated.schemas import ShelfCreate, ShelfRead, ShelfUpdate

T = TypeVar("T")


class ShelvesController:
    """Carries out the operations of `services/shop/spec/shelves.yaml`."""

    async def list_shelves(
        self, session: AsyncSession, label: str | None, page: PageRequest
    ) -> Page[ShelfRead]:
        """The newest first."""
        if label is not None:
            return await shelves.labelled(session, label, page)
        return await shelves.page(session, page)

    async def list_prices(self, session: AsyncSession, page: PageRequest) -> Page[ShelfRead]:
        """The cheapest first."""
        return await shelves.page(session, page)

    async def list_labels(self, session: AsyncSession, page: PageRequest) -> Page[ShelfRead]:
        """By label."""
        return await shelves.page(session, page)

    async def list_days(self, session: AsyncSession, least: Decimal, page: PageRequest) -> Page[ShelfRead]:
        """The oldest first."""
        return await shelves.expensive(session, least, page)

    async def list_codes(self, session: AsyncSession, page: PageRequest) -> Page[ShelfRead]:
        """By code, backwards."""
        return await shelves.page(session, page)

    async def add_shelf(self, session: AsyncSession, payload: ShelfCreate) -> ShelfRead:
        """Add a shelf."""
        shelf = Shelf(**payload.model_dump())
        await shelves.add(session, shelf)
        return ShelfRead.model_validate(shelf)

    async def show_shelf(self, session: AsyncSession, shelf_id: int) -> ShelfRead:
        """Show a shelf. Raises `NotFound`."""
        return ShelfRead.model_validate(_found(await shelves.get(session, shelf_id)))

    async def change_shelf(
        self, session: AsyncSession, shelf_id: int, payload: ShelfUpdate, if_match: IfMatch
    ) -> ShelfRead:
        """Change what `payload` says. Raises `NotFound` and `PreconditionFailed`."""
        patch = payload.model_dump(exclude_unset=True)
        return _found(await shelves.change(session, shelf_id, patch, if_match))

    async def remove_shelf(self, session: AsyncSession, shelf_id: int, if_match: IfMatch) -> None:
        """Delete a shelf. Raises `NotFound` and `PreconditionFailed`."""
        _found(await shelves.remove(session, shelf_id, if_match) or None)


def _found(shelf: T | None) -> T:
    if shelf is None:
        raise NotFound("There is no such shelf.")
    return shelf
