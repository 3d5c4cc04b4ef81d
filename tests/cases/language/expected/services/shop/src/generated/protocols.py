# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `shop` must be able to do."""

import datetime as dt
from decimal import Decimal
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from framework.runtime.versions import IfMatch
from shared.generated.schemas import (
    Case,
    FindThingsColours,
    FindThingsKind,
    ShelfCreate,
    ShelfRead,
    ShelfUpdate,
    Sweep,
    SweepThingsKind,
    ThingCreate,
    ThingName,
    ThingRead,
    ThingUpdate,
)


class ShelvesControllerProtocol(Protocol):
    """The business logic of the domain `shelves`."""

    async def list_shelves(
        self,
        session: AsyncSession,
        label: str | None,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """The newest first."""

    async def list_prices(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List prices."""

    async def list_labels(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List labels."""

    async def list_days(
        self,
        session: AsyncSession,
        least: Decimal,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List days.

        Deprecated.
        """

    async def list_codes(
        self,
        session: AsyncSession,
        page: PageRequest,
    ) -> Page[ShelfRead]:
        """List codes."""

    async def add_shelf(
        self,
        session: AsyncSession,
        payload: ShelfCreate,
    ) -> ShelfRead:
        """Add shelf."""

    async def show_shelf(
        self,
        session: AsyncSession,
        shelf_id: int,
    ) -> ShelfRead:
        """Show shelf.

        Raises:
            NotFound: 404 over REST.
        """

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


class ThingsControllerProtocol(Protocol):
    """The business logic of the domain `things`."""

    async def find_things(
        self,
        session: AsyncSession,
        limit: int,
        named: str | None,
        kind: FindThingsKind,
        since: dt.datetime,
        exact: bool,
        colours: list[FindThingsColours],
        sizes: list[int] | None,
        codes: list[str],
    ) -> list[ThingRead]:
        """Find things."""

    async def show_thing(
        self,
        session: AsyncSession,
        shelf: str,
        thing_id: int,
    ) -> ThingRead:
        """Shows a thing: "quoted", back\\slash and \"\"\"."""

    async def add_thing(
        self,
        session: AsyncSession,
        payload: ThingCreate,
    ) -> ThingName:
        """Add thing."""

    async def add_many(
        self,
        session: AsyncSession,
        payload: list[ThingCreate],
    ) -> dict[str, ThingRead]:
        """Add many."""

    async def replace_thing(
        self,
        session: AsyncSession,
        thing_id: int,
        payload: ThingUpdate,
        force: bool,
    ) -> ThingRead:
        """Replace thing."""

    async def rename_thing(
        self,
        session: AsyncSession,
        payload: ThingName,
    ) -> None:
        """Rename thing."""

    async def check_thing(
        self,
        payload: ThingName,
    ) -> Case:
        """Check thing.

        Deprecated.
        """

    async def tell_outside(
        self,
        payload: Case,
    ) -> None:
        """Tell outside."""

    async def close_case(
        self,
        session: AsyncSession,
        number: int,
    ) -> None:
        """Close case."""

    async def sweep_things(
        self,
        session: AsyncSession,
        payload: Sweep,
        limit: int,
        kind: SweepThingsKind,
        since: dt.datetime | None,
    ) -> None:
        """Called over HTTP, by an event and by the clock."""

    async def count_things(
        self,
        session: AsyncSession,
    ) -> int:
        """Count things."""

    async def buy_thing(
        self,
        session: AsyncSession,
        thing_id: int,
        payload: ThingName,
        x_tenant: str | None,
        visitor: str | None,
        gift: bool,
    ) -> ThingRead:
        """Takes effect once under each key.

        Raises:
            SoldOut: 409 over REST.
        """

    async def return_thing(
        self,
        session: AsyncSession,
        thing_id: int,
    ) -> None:
        """Return thing."""

    async def stamp_things(
        self,
        session: AsyncSession,
        payload: Sweep,
    ) -> list[bytes]:
        """Stamp things."""

    async def ping(
        self,
        session: AsyncSession,
    ) -> None:
        """Ping."""
