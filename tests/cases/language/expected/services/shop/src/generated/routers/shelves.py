# Generated from services/shop/spec/shelves.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `shelves` over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from framework.runtime.idempotency.key import IdempotencyKey, IdempotencyKeyReader
from framework.runtime.idempotency.refusals import IdempotencyKeyInUse, IdempotencyKeyReused
from framework.runtime.openapi import refusals
from framework.runtime.pages import Cursor, Page
from framework.runtime.types import Decimal15, Int64, Text
from framework.runtime.versions import EntityTag, IfMatch, IfNoneMatch, PreconditionRequired
from services.shop.src.generated.operations import ShelvesOperations
from services.shop.src.generated.pages import (
    LIST_CODES_ORDER,
    LIST_DAYS_ORDER,
    LIST_LABELS_ORDER,
    LIST_PRICES_ORDER,
    LIST_SHELVES_ORDER,
)
from shared.generated.errors import NotFound, PreconditionFailed
from shared.generated.schemas import ShelfCreate, ShelfRead, ShelfUpdate


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

    @router.post(
        "/shelves", operation_id="add_shelf", status_code=201, responses=EntityTag.answers(201)
    )
    async def add_shelf(
        payload: ShelfCreate,
        response: Response,
    ) -> ShelfRead:
        """Add shelf."""
        result = await operations.add_shelf(payload=payload)
        response.headers["ETag"] = EntityTag(result.version)
        return result

    @router.get(
        "/shelves/{shelf_id}",
        operation_id="show_shelf",
        responses=refusals(NotFound) | EntityTag.answers(200, is_read=True),
    )
    async def show_shelf(
        shelf_id: Int64,
        response: Response,
        if_none_match: Annotated[
            IfNoneMatch | None,
            Header(
                description=(
                    "The ETag of what you have; 304 is answered, without a body, if it is "
                    "still that."
                )
            ),
        ] = None,
    ) -> ShelfRead:
        """Show shelf."""
        result = await operations.show_shelf(shelf_id=shelf_id)
        response.headers["ETag"] = EntityTag(result.version).unless(if_none_match)
        return result

    @router.patch(
        "/shelves/{shelf_id}",
        operation_id="change_shelf",
        responses=refusals(
            NotFound,
            PreconditionFailed,
            IdempotencyKeyInUse,
            IdempotencyKeyReused,
            PreconditionRequired,
        )
        | EntityTag.answers(200),
    )
    async def change_shelf(
        shelf_id: Int64,
        payload: ShelfUpdate,
        response: Response,
        if_match: Annotated[
            IfMatch | None,
            Header(
                description=(
                    "The ETag of what you have seen, or `*`; answered 412 if it is another "
                    "by now, 428 without it."
                )
            ),
        ] = None,
        idempotency_key: Annotated[
            IdempotencyKey | None, Depends(IdempotencyKeyReader(headers=["if-match"]))
        ] = None,
    ) -> ShelfRead:
        """Change shelf."""
        result = await operations.change_shelf(
            shelf_id=shelf_id, payload=payload, if_match=if_match, idempotency_key=idempotency_key
        )
        response.headers["ETag"] = EntityTag(result.version)
        return result

    @router.delete(
        "/shelves/{shelf_id}",
        operation_id="remove_shelf",
        status_code=204,
        responses=refusals(NotFound, PreconditionFailed, PreconditionRequired),
    )
    async def remove_shelf(
        shelf_id: Int64,
        if_match: Annotated[
            IfMatch | None,
            Header(
                description=(
                    "The ETag of what you have seen, or `*`; answered 412 if it is another "
                    "by now, 428 without it."
                )
            ),
        ] = None,
    ) -> None:
        """Remove shelf."""
        await operations.remove_shelf(shelf_id=shelf_id, if_match=if_match)

    return router
