# Generated from services/shop/spec/shelves.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `shelves`; FastAPI's router has all others."""

from typing import Annotated

from pydantic import Field

from framework.runtime.endpoints import Endpoints, Request, Response, WireType
from framework.runtime.pages import Cursor, Page
from framework.runtime.types import Decimal15, Int64, Text
from framework.runtime.versions import EntityTag, IfMatch, IfNoneMatch
from services.shop.src.generated.operations import ShelvesOperations
from services.shop.src.generated.pages import (
    LIST_CODES_ORDER,
    LIST_DAYS_ORDER,
    LIST_LABELS_ORDER,
    LIST_PRICES_ORDER,
    LIST_SHELVES_ORDER,
)
from shared.generated.schemas import ShelfCreate, ShelfRead, ShelfUpdate

_STRING_OR_NONE = WireType(Text | None)
_LIST_SHELVES_LIMIT = WireType(Annotated[Int64, Field(ge=1, le=50)])
_LIST_SHELVES_CURSOR = WireType(Annotated[Cursor | None, LIST_SHELVES_ORDER])
_PAGE_OF_SHELF_READ = WireType(Page[ShelfRead])
_LIST_PRICES_LIMIT = WireType(Annotated[Int64, Field(ge=1, le=7)])
_LIST_PRICES_CURSOR = WireType(Annotated[Cursor | None, LIST_PRICES_ORDER])
_LIST_LABELS_LIMIT = WireType(Annotated[Int64, Field(ge=1, le=100)])
_LIST_LABELS_CURSOR = WireType(Annotated[Cursor | None, LIST_LABELS_ORDER])
_DECIMAL = WireType(Decimal15)
_LIST_DAYS_CURSOR = WireType(Annotated[Cursor | None, LIST_DAYS_ORDER])
_LIST_CODES_CURSOR = WireType(Annotated[Cursor | None, LIST_CODES_ORDER])
_SHELF_CREATE = WireType(ShelfCreate)
_SHELF_READ = WireType(ShelfRead)
_INT = WireType(Int64)
_IF_NONE_MATCH = WireType(IfNoneMatch | None)
_IF_MATCH = WireType(IfMatch | None)
_SHELF_UPDATE = WireType(ShelfUpdate)


def create_endpoints(operations: ShelvesOperations) -> Endpoints:
    """Make the endpoints of the domain `shelves`."""

    async def list_shelves(request: Request) -> Response:
        """The newest first."""
        result = await operations.list_shelves(
            label=request.query("label", _STRING_OR_NONE, default=None),
            limit=request.query("limit", _LIST_SHELVES_LIMIT, default=2),
            cursor=request.query("cursor", _LIST_SHELVES_CURSOR, default=None),
        )
        return Response(200, _PAGE_OF_SHELF_READ.encode(result))

    async def list_prices(request: Request) -> Response:
        """List prices."""
        result = await operations.list_prices(
            limit=request.query("limit", _LIST_PRICES_LIMIT, default=7),
            cursor=request.query("cursor", _LIST_PRICES_CURSOR, default=None),
        )
        return Response(200, _PAGE_OF_SHELF_READ.encode(result))

    async def list_labels(request: Request) -> Response:
        """List labels."""
        result = await operations.list_labels(
            limit=request.query("limit", _LIST_LABELS_LIMIT, default=20),
            cursor=request.query("cursor", _LIST_LABELS_CURSOR, default=None),
        )
        return Response(200, _PAGE_OF_SHELF_READ.encode(result))

    async def list_days(request: Request) -> Response:
        """List days.

        Deprecated.
        """
        result = await operations.list_days(
            least=request.query("least", _DECIMAL),
            limit=request.query("limit", _LIST_LABELS_LIMIT, default=20),
            cursor=request.query("cursor", _LIST_DAYS_CURSOR, default=None),
        )
        return Response(200, _PAGE_OF_SHELF_READ.encode(result))

    async def list_codes(request: Request) -> Response:
        """List codes."""
        result = await operations.list_codes(
            limit=request.query("limit", _LIST_LABELS_LIMIT, default=20),
            cursor=request.query("cursor", _LIST_CODES_CURSOR, default=None),
        )
        return Response(200, _PAGE_OF_SHELF_READ.encode(result))

    async def add_shelf(request: Request) -> Response:
        """Add shelf."""
        result = await operations.add_shelf(payload=await request.body(_SHELF_CREATE))
        tag = EntityTag(result.version)
        return Response(201, _SHELF_READ.encode(result), tag.headers)

    async def show_shelf(request: Request) -> Response:
        """Show shelf."""
        if_none_match = request.headers("if-none-match", _IF_NONE_MATCH, default=None)
        result = await operations.show_shelf(shelf_id=request.path("shelf_id", _INT))
        tag = EntityTag(result.version).unless(if_none_match)
        return Response(200, _SHELF_READ.encode(result), tag.headers)

    async def change_shelf(request: Request) -> Response:
        """Change shelf."""
        result = await operations.change_shelf(
            shelf_id=request.path("shelf_id", _INT),
            if_match=request.headers("if-match", _IF_MATCH, default=None),
            payload=await request.body(_SHELF_UPDATE),
            idempotency_key=await request.idempotency_key(headers=["if-match"]),
        )
        tag = EntityTag(result.version)
        return Response(200, _SHELF_READ.encode(result), tag.headers)

    async def remove_shelf(request: Request) -> Response:
        """Remove shelf."""
        await operations.remove_shelf(
            shelf_id=request.path("shelf_id", _INT),
            if_match=request.headers("if-match", _IF_MATCH, default=None),
        )
        return Response(204)

    return {
        "list_shelves": list_shelves,
        "list_prices": list_prices,
        "list_labels": list_labels,
        "list_days": list_days,
        "list_codes": list_codes,
        "add_shelf": add_shelf,
        "show_shelf": show_shelf,
        "change_shelf": change_shelf,
        "remove_shelf": remove_shelf,
    }
