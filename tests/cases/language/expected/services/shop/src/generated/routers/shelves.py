# Generated from services/shop/spec/shelves.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `shelves` over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from framework.runtime.pages import Cursor, Page
from framework.runtime.types import Decimal15, Int64, Text
from services.shop.src.generated.operations import ShelvesOperations
from services.shop.src.generated.pages import (
    LIST_CODES_ORDER,
    LIST_DAYS_ORDER,
    LIST_LABELS_ORDER,
    LIST_PRICES_ORDER,
    LIST_SHELVES_ORDER,
)
from shared.generated.schemas import ShelfCreate, ShelfRead


def create_router(operations: ShelvesOperations) -> APIRouter:
    """Make the routes of the domain `shelves`."""
    router = APIRouter(tags=["shelves"])

    @router.get("/shelves", operation_id="list_shelves")
    async def list_shelves(
        label: Text | None = None,
        limit: Annotated[Int64, Query(ge=1, le=50, description="The most items of the page.")] = 2,
        cursor: Annotated[
            Cursor | None,
            Query(description="`next_cursor` of the page before; left out, the first page."),
            LIST_SHELVES_ORDER,
        ] = None,
    ) -> Page[ShelfRead]:
        """The newest first."""
        return await operations.list_shelves(label=label, limit=limit, cursor=cursor)

    @router.get("/shelves/prices", operation_id="list_prices")
    async def list_prices(
        limit: Annotated[Int64, Query(ge=1, le=7, description="The most items of the page.")] = 7,
        cursor: Annotated[
            Cursor | None,
            Query(description="`next_cursor` of the page before; left out, the first page."),
            LIST_PRICES_ORDER,
        ] = None,
    ) -> Page[ShelfRead]:
        """List prices."""
        return await operations.list_prices(limit=limit, cursor=cursor)

    @router.get("/shelves/labels", operation_id="list_labels")
    async def list_labels(
        limit: Annotated[
            Int64, Query(ge=1, le=100, description="The most items of the page.")
        ] = 20,
        cursor: Annotated[
            Cursor | None,
            Query(description="`next_cursor` of the page before; left out, the first page."),
            LIST_LABELS_ORDER,
        ] = None,
    ) -> Page[ShelfRead]:
        """List labels."""
        return await operations.list_labels(limit=limit, cursor=cursor)

    @router.get("/shelves/days", operation_id="list_days", deprecated=True)
    async def list_days(
        least: Decimal15,
        limit: Annotated[
            Int64, Query(ge=1, le=100, description="The most items of the page.")
        ] = 20,
        cursor: Annotated[
            Cursor | None,
            Query(description="`next_cursor` of the page before; left out, the first page."),
            LIST_DAYS_ORDER,
        ] = None,
    ) -> Page[ShelfRead]:
        """List days.

        Deprecated.
        """
        return await operations.list_days(least=least, limit=limit, cursor=cursor)

    @router.get("/shelves/codes", operation_id="list_codes")
    async def list_codes(
        limit: Annotated[
            Int64, Query(ge=1, le=100, description="The most items of the page.")
        ] = 20,
        cursor: Annotated[
            Cursor | None,
            Query(description="`next_cursor` of the page before; left out, the first page."),
            LIST_CODES_ORDER,
        ] = None,
    ) -> Page[ShelfRead]:
        """List codes."""
        return await operations.list_codes(limit=limit, cursor=cursor)

    @router.post("/shelves", operation_id="add_shelf", status_code=201)
    async def add_shelf(
        payload: ShelfCreate,
    ) -> ShelfRead:
        """Add shelf."""
        return await operations.add_shelf(payload=payload)

    return router
