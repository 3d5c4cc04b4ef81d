"""The business logic of the domain `shelves`."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from services.shop.src.models import Shelf
from services.shop.src.repositories import shelves
from shared.generated.schemas import ShelfCreate, ShelfRead


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
