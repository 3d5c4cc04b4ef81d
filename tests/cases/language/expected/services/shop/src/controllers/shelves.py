"""The business logic of the domain `shelves`."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from framework.runtime.versions import IfMatch
from shared.generated.schemas import ShelfCreate, ShelfRead, ShelfUpdate


class ShelvesController:
    """Carries out the operations of `services/shop/spec/shelves.yaml`."""

    async def list_shelves(
        self,
        session: AsyncSession,
        label: str | None,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """The newest first."""
        raise NotImplementedError("not written yet")

    async def list_prices(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List prices."""
        raise NotImplementedError("not written yet")

    async def list_labels(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List labels."""
        raise NotImplementedError("not written yet")

    async def list_days(
        self,
        session: AsyncSession,
        least: Decimal,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List days.

        Deprecated.
        """
        raise NotImplementedError("not written yet")

    async def list_codes(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List codes."""
        raise NotImplementedError("not written yet")

    async def add_shelf(
        self,
        session: AsyncSession,
        payload: ShelfCreate,
    ) -> ShelfRead:
        """Add shelf."""
        raise NotImplementedError("not written yet")

    async def show_shelf(
        self,
        session: AsyncSession,
        shelf_id: int,
    ) -> ShelfRead:
        """Show shelf.

        Raises:
            NotFound: 404 over REST.
        """
        raise NotImplementedError("not written yet")

    async def change_shelf(
        self,
        session: AsyncSession,
        shelf_id: int,
        payload: ShelfUpdate,
        if_match: IfMatch,
    ) -> ShelfRead:
        """Change shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        raise NotImplementedError("not written yet")

    async def remove_shelf(
        self,
        session: AsyncSession,
        shelf_id: int,
        if_match: IfMatch,
    ) -> None:
        """Remove shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        raise NotImplementedError("not written yet")
