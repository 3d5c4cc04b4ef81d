# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The service `shop` as `courier` calls it."""

import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Literal

from pydantic import Field
from typing_extensions import deprecated

from framework.runtime.http_client import (
    HttpClient,
    RetryPolicy,
    at_least_one,
    new_idempotency_key,
    segment,
)
from framework.runtime.pages import Page, items_of
from framework.runtime.schema import decode
from framework.runtime.settings import ServiceSettings, load
from framework.runtime.versions import EntityTag
from shared.generated.errors import NotFound, PreconditionFailed, SoldOut
from shared.generated.schemas import (
    FindThingsColours,
    FindThingsKind,
    ShelfRead,
    ShelfUpdate,
    ThingCreate,
    ThingName,
    ThingRead,
    ThingUpdate,
)


class ShopSettings(ServiceSettings):
    """Where the service `shop` is."""

    shop_api_base_url: str = Field(
        description="The address of the service `shop`, such as http://localhost:8000."
    )


class ShopClient(HttpClient):
    """Calls `shop`, at `SHOP_API_BASE_URL` unless another address is given."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        max_retries: int = 3,
        initial_delay: float = 1.0,
        retry_server_errors: RetryPolicy = RetryPolicy.IDEMPOTENT,
        deadline: float = 30.0,
    ) -> None:
        super().__init__(
            base_url or load(ShopSettings).shop_api_base_url,
            max_retries=max_retries,
            initial_delay=initial_delay,
            retry_server_errors=retry_server_errors,
            deadline=deadline,
        )

    async def add_many(
        self,
        *,
        payload: list[ThingCreate],
    ) -> dict[str, ThingRead]:
        """Add many."""
        response = await self.request("POST", "/things/many", idempotent=False, content=payload)
        return decode(dict[str, ThingRead], response.content)

    async def buy_thing(
        self,
        *,
        payload: ThingName,
        thing_id: int,
        x_tenant: str | None = None,
        visitor: str | None = None,
        gift: bool | None = None,
        idempotency_key: str | None = None,
    ) -> ThingRead:
        """Takes effect once under each key.

        Raises:
            SoldOut: 409 over REST.
        """
        response = await self.request(
            "POST",
            f"/things/{segment(thing_id)}/bought",
            idempotent=False,
            query={"gift": gift},
            headers={"x-tenant": x_tenant},
            cookies={"visitor": visitor},
            content=payload,
            idempotency_key=new_idempotency_key() if idempotency_key is None else idempotency_key,
            errors=[SoldOut],
        )
        return decode(ThingRead, response.content)

    async def change_shelf(
        self,
        *,
        payload: ShelfUpdate,
        shelf_id: int,
        if_match: int | Literal["*"],
        idempotency_key: str | None = None,
    ) -> ShelfRead:
        """Change shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        response = await self.request(
            "PATCH",
            f"/shelves/{segment(shelf_id)}",
            idempotent=False,
            headers={"if-match": EntityTag.sent(if_match)},
            content=payload,
            idempotency_key=new_idempotency_key() if idempotency_key is None else idempotency_key,
            errors=[NotFound, PreconditionFailed],
        )
        return decode(ShelfRead, response.content)

    async def find_things(
        self,
        *,
        limit: int | None = None,
        named: str | None = None,
        kind: FindThingsKind | None = None,
        since: dt.datetime,
        exact: bool | None = None,
        colours: list[FindThingsColours] | None = None,
        sizes: list[int] | None = None,
        codes: list[str],
    ) -> list[ThingRead]:
        """Find things."""
        response = await self.request(
            "GET",
            "/things",
            idempotent=True,
            query={
                "limit": limit,
                "named": named,
                "kind": kind,
                "since": since,
                "exact": exact,
                "colours": at_least_one(colours),
                "sizes": sizes,
                "codes": codes,
            },
        )
        return decode(list[ThingRead], response.content)

    @deprecated("shelves.list_days is deprecated")
    async def list_days(
        self,
        *,
        least: Decimal,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page[ShelfRead]:
        """List days.

        Deprecated.
        """
        response = await self.request(
            "GET",
            "/shelves/days",
            idempotent=True,
            query={"least": least, "limit": limit, "cursor": cursor},
        )
        return decode(Page[ShelfRead], response.content)

    @deprecated("shelves.list_days is deprecated")
    def iter_list_days(
        self,
        *,
        least: Decimal,
        limit: int | None = None,
    ) -> AsyncIterator[ShelfRead]:
        """Ask for page after page of `list_days`, as long as the items of them are wanted."""
        return items_of(lambda cursor: self.list_days(least=least, limit=limit, cursor=cursor))

    async def list_shelves(
        self,
        *,
        label: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page[ShelfRead]:
        """The newest first."""
        response = await self.request(
            "GET",
            "/shelves",
            idempotent=True,
            query={"label": label, "limit": limit, "cursor": cursor},
        )
        return decode(Page[ShelfRead], response.content)

    def iter_list_shelves(
        self,
        *,
        label: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[ShelfRead]:
        """Ask for page after page of `list_shelves`, as long as the items of them are wanted."""
        return items_of(lambda cursor: self.list_shelves(label=label, limit=limit, cursor=cursor))

    async def ping(
        self,
    ) -> None:
        """Ping."""
        await self.request("POST", "/things/ping", idempotent=False)

    async def remove_shelf(
        self,
        *,
        shelf_id: int,
        if_match: int | Literal["*"],
    ) -> None:
        """Remove shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        await self.request(
            "DELETE",
            f"/shelves/{segment(shelf_id)}",
            idempotent=True,
            headers={"if-match": EntityTag.sent(if_match)},
            errors=[NotFound, PreconditionFailed],
        )

    async def replace_thing(
        self,
        *,
        payload: ThingUpdate,
        thing_id: int,
        force: bool | None = None,
    ) -> ThingRead:
        """Replace thing."""
        response = await self.request(
            "PUT",
            f"/things/{segment(thing_id)}",
            idempotent=True,
            query={"force": force},
            content=payload,
        )
        return decode(ThingRead, response.content)

    async def return_thing(
        self,
        *,
        thing_id: int,
        idempotency_key: str | None = None,
    ) -> None:
        """Return thing."""
        await self.request(
            "DELETE",
            f"/things/{segment(thing_id)}/bought",
            idempotent=True,
            idempotency_key=new_idempotency_key() if idempotency_key is None else idempotency_key,
        )

    async def show_shelf(
        self,
        *,
        shelf_id: int,
        if_none_match: int | None = None,
    ) -> ShelfRead:
        """Show shelf.

        Raises:
            NotFound: 404 over REST.
            NotModified: `if_none_match` is the version that it has; of
            `framework.runtime.http_client`.
        """
        response = await self.request(
            "GET",
            f"/shelves/{segment(shelf_id)}",
            idempotent=True,
            headers={"if-none-match": EntityTag.sent(if_none_match)},
            errors=[NotFound],
        )
        return decode(ShelfRead, response.content)

    async def show_thing(
        self,
        *,
        shelf: str,
        thing_id: int,
    ) -> ThingRead:
        """Shows a thing: "quoted", back\\slash and \"\"\"."""
        response = await self.request(
            "GET", f"/things/{segment(shelf)}/{segment(thing_id)}", idempotent=True
        )
        return decode(ThingRead, response.content)
