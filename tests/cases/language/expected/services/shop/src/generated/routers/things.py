# Generated from services/shop/spec/things.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `things` over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Cookie, Depends, Header, Path, Query, Response

from framework.runtime.idempotency.key import (
    IdempotencyKey,
    IdempotencyKeyReader,
    SentIdempotencyKey,
)
from framework.runtime.idempotency.refusals import IdempotencyKeyInUse, IdempotencyKeyReused
from framework.runtime.openapi import refusals
from framework.runtime.types import Base64Bytes, Int64, Storable, StorableDatetime, Text
from services.shop.src.generated.operations import ThingsOperations
from shared.generated.errors import SoldOut
from shared.generated.schemas import (
    FindThingsColours,
    FindThingsKind,
    Sweep,
    SweepThingsKind,
    ThingCreate,
    ThingName,
    ThingRead,
    ThingUpdate,
)


def create_router(operations: ThingsOperations) -> APIRouter:
    """Make the routes of the domain `things`."""
    router = APIRouter(tags=["things", 'a "tag"'])

    @router.get("/things", operation_id="find_things")
    async def find_things(
        since: StorableDatetime,
        colours: Annotated[
            list[FindThingsColours],
            Query(
                json_schema_extra={"default": ["red"]},
                default_factory=lambda: [FindThingsColours.RED],
            ),
        ],
        codes: Annotated[list[Text], Query(min_length=1)],
        limit: Annotated[Int64, Query(ge=1, le=100, description="How many.")] = 20,
        named: Annotated[str | None, Query(max_length=50), Storable()] = None,
        kind: FindThingsKind = FindThingsKind.NEW,
        exact: bool = False,
        sizes: Annotated[list[Int64] | None, Query(max_length=5)] = None,
    ) -> list[ThingRead]:
        """Find things."""
        return await operations.find_things(
            since=since,
            colours=colours,
            codes=codes,
            limit=limit,
            named=named,
            kind=kind,
            exact=exact,
            sizes=sizes,
        )

    @router.get("/things/{shelf}/{thing_id}", operation_id="show_thing")
    async def show_thing(
        shelf: Annotated[str, Path(min_length=1), Storable()],
        thing_id: Annotated[Int64, Path(ge=1)],
    ) -> ThingRead:
        """Shows a thing: "quoted", back\\slash and \"\"\"."""
        return await operations.show_thing(shelf=shelf, thing_id=thing_id)

    @router.post("/things", operation_id="add_thing", status_code=201)
    async def add_thing(
        payload: ThingCreate,
    ) -> ThingName:
        """Add thing."""
        return await operations.add_thing(payload=payload)

    @router.post("/things/many", operation_id="add_many")
    async def add_many(
        payload: Annotated[list[ThingCreate], Body()],
    ) -> dict[Text, ThingRead]:
        """Add many."""
        return await operations.add_many(payload=payload)

    @router.put("/things/{thing_id}", operation_id="replace_thing")
    async def replace_thing(
        thing_id: Int64,
        payload: ThingUpdate,
        force: bool = False,
    ) -> ThingRead:
        """Replace thing."""
        return await operations.replace_thing(thing_id=thing_id, payload=payload, force=force)

    @router.post(
        "/things/renamed", operation_id="rename_thing", status_code=202, response_class=Response
    )
    async def rename_thing(
        payload: ThingName,
    ) -> None:
        """Rename thing."""
        await operations.rename_thing(payload=payload)

    @router.delete("/things/cases/{number}", operation_id="close_case", status_code=204)
    async def close_case(
        number: Int64,
    ) -> None:
        """Close case."""
        await operations.close_case(number=number)

    @router.post("/things/swept", operation_id="sweep_things", status_code=204)
    async def sweep_things(
        payload: Sweep,
        limit: Int64 = 100,
        kind: SweepThingsKind = SweepThingsKind.OLD,
        since: StorableDatetime | None = None,
    ) -> None:
        """Called over HTTP, by an event and by the clock."""
        await operations.sweep_things(payload=payload, limit=limit, kind=kind, since=since)

    @router.get("/things/count", operation_id="count_things")
    async def count_things() -> Int64:
        """Count things."""
        return await operations.count_things()

    @router.post(
        "/things/{thing_id}/bought",
        operation_id="buy_thing",
        status_code=201,
        responses=refusals(SoldOut, IdempotencyKeyInUse, IdempotencyKeyReused),
    )
    async def buy_thing(
        thing_id: Int64,
        payload: ThingName,
        x_tenant: Annotated[Text | None, Header()] = None,
        visitor: Annotated[Text | None, Cookie()] = None,
        gift: bool = False,
        idempotency_key: Annotated[
            IdempotencyKey | None,
            Depends(IdempotencyKeyReader(headers=["x-tenant"], cookies=["visitor"])),
        ] = None,
    ) -> ThingRead:
        """Takes effect once under each key."""
        return await operations.buy_thing(
            thing_id=thing_id,
            payload=payload,
            x_tenant=x_tenant,
            visitor=visitor,
            gift=gift,
            idempotency_key=idempotency_key,
        )

    @router.delete(
        "/things/{thing_id}/bought",
        operation_id="return_thing",
        status_code=204,
        responses=refusals(IdempotencyKeyInUse, IdempotencyKeyReused),
    )
    async def return_thing(
        thing_id: Int64,
        idempotency_key: SentIdempotencyKey = None,
    ) -> None:
        """Return thing."""
        await operations.return_thing(thing_id=thing_id, idempotency_key=idempotency_key)

    @router.post(
        "/things/stamped",
        operation_id="stamp_things",
        responses=refusals(IdempotencyKeyInUse, IdempotencyKeyReused),
    )
    async def stamp_things(
        payload: Sweep,
        idempotency_key: SentIdempotencyKey = None,
    ) -> list[Base64Bytes]:
        """Stamp things."""
        return await operations.stamp_things(payload=payload, idempotency_key=idempotency_key)

    @router.post("/things/ping", operation_id="ping", status_code=204)
    async def ping() -> None:
        """Ping."""
        await operations.ping()

    return router
