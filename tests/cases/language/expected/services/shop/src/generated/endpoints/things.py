# Generated from services/shop/spec/things.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `things`; FastAPI's router has all others."""

from typing import Annotated

from pydantic import Field

from framework.runtime.endpoints import Endpoints, Request, Response, WireType
from framework.runtime.types import Base64Bytes, Int64, Storable, StorableDatetime, Text
from services.shop.src.generated.operations import ThingsOperations
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

_FIND_THINGS_LIMIT = WireType(Annotated[Int64, Field(ge=1, le=100)])
_FIND_THINGS_NAMED = WireType(Annotated[str | None, Field(max_length=50), Storable()])
_FIND_THINGS_KIND = WireType(FindThingsKind)
_DATETIME = WireType(StorableDatetime)
_BOOL = WireType(bool)
_LIST_OF_FIND_THINGS_COLOURS = WireType(list[FindThingsColours])
_FIND_THINGS_SIZES = WireType(Annotated[list[Int64] | None, Field(max_length=5)])
_FIND_THINGS_CODES = WireType(Annotated[list[Text], Field(min_length=1)])
_LIST_OF_THING_READ = WireType(list[ThingRead])
_SHOW_THING_SHELF = WireType(Annotated[str, Field(min_length=1), Storable()])
_SHOW_THING_THING_ID = WireType(Annotated[Int64, Field(ge=1)])
_THING_READ = WireType(ThingRead)
_THING_CREATE = WireType(ThingCreate)
_THING_NAME = WireType(ThingName)
_LIST_OF_THING_CREATE = WireType(list[ThingCreate])
_DICT_OF_THING_READ = WireType(dict[Text, ThingRead])
_INT = WireType(Int64)
_THING_UPDATE = WireType(ThingUpdate)
_SWEEP_THINGS_KIND = WireType(SweepThingsKind)
_DATETIME_OR_NONE = WireType(StorableDatetime | None)
_SWEEP = WireType(Sweep)
_STRING_OR_NONE = WireType(Text | None)
_LIST_OF_BYTES = WireType(list[Base64Bytes])


def create_endpoints(operations: ThingsOperations) -> Endpoints:
    """Make the endpoints of the domain `things`."""

    async def find_things(request: Request) -> Response:
        """Find things."""
        result = await operations.find_things(
            limit=request.query("limit", _FIND_THINGS_LIMIT, default=20),
            named=request.query("named", _FIND_THINGS_NAMED, default=None),
            kind=request.query("kind", _FIND_THINGS_KIND, default=FindThingsKind.NEW),
            since=request.query("since", _DATETIME),
            exact=request.query("exact", _BOOL, default=False),
            colours=request.queries(
                "colours",
                _LIST_OF_FIND_THINGS_COLOURS,
                default_factory=lambda: [FindThingsColours.RED],
            ),
            sizes=request.queries("sizes", _FIND_THINGS_SIZES, default=None),
            codes=request.queries("codes", _FIND_THINGS_CODES),
        )
        return Response(200, _LIST_OF_THING_READ.encode(result))

    async def show_thing(request: Request) -> Response:
        """Shows a thing: "quoted", back\\slash and \"\"\"."""
        result = await operations.show_thing(
            shelf=request.path("shelf", _SHOW_THING_SHELF),
            thing_id=request.path("thing_id", _SHOW_THING_THING_ID),
        )
        return Response(200, _THING_READ.encode(result))

    async def add_thing(request: Request) -> Response:
        """Add thing."""
        result = await operations.add_thing(payload=await request.body(_THING_CREATE))
        return Response(201, _THING_NAME.encode(result))

    async def add_many(request: Request) -> Response:
        """Add many."""
        result = await operations.add_many(payload=await request.body(_LIST_OF_THING_CREATE))
        return Response(200, _DICT_OF_THING_READ.encode(result))

    async def replace_thing(request: Request) -> Response:
        """Replace thing."""
        result = await operations.replace_thing(
            thing_id=request.path("thing_id", _INT),
            force=request.query("force", _BOOL, default=False),
            payload=await request.body(_THING_UPDATE),
        )
        return Response(200, _THING_READ.encode(result))

    async def rename_thing(request: Request) -> Response:
        """Rename thing."""
        await operations.rename_thing(payload=await request.body(_THING_NAME))
        return Response(202)

    async def close_case(request: Request) -> Response:
        """Close case."""
        await operations.close_case(number=request.path("number", _INT))
        return Response(204)

    async def sweep_things(request: Request) -> Response:
        """Called over HTTP, by an event and by the clock."""
        await operations.sweep_things(
            limit=request.query("limit", _INT, default=100),
            kind=request.query("kind", _SWEEP_THINGS_KIND, default=SweepThingsKind.OLD),
            since=request.query("since", _DATETIME_OR_NONE, default=None),
            payload=await request.body(_SWEEP),
        )
        return Response(204)

    async def count_things(request: Request) -> Response:
        """Count things."""
        result = await operations.count_things()
        return Response(200, _INT.encode(result))

    async def buy_thing(request: Request) -> Response:
        """Takes effect once under each key."""
        result = await operations.buy_thing(
            thing_id=request.path("thing_id", _INT),
            x_tenant=request.header("x-tenant", _STRING_OR_NONE, default=None),
            visitor=request.cookie("visitor", _STRING_OR_NONE, default=None),
            gift=request.query("gift", _BOOL, default=False),
            payload=await request.body(_THING_NAME),
            idempotency_key=await request.idempotency_key(
                headers=["x-tenant"], cookies=["visitor"]
            ),
        )
        return Response(201, _THING_READ.encode(result))

    async def return_thing(request: Request) -> Response:
        """Return thing."""
        await operations.return_thing(
            thing_id=request.path("thing_id", _INT), idempotency_key=await request.idempotency_key()
        )
        return Response(204)

    async def stamp_things(request: Request) -> Response:
        """Stamp things."""
        result = await operations.stamp_things(
            payload=await request.body(_SWEEP), idempotency_key=await request.idempotency_key()
        )
        return Response(200, _LIST_OF_BYTES.encode(result))

    async def ping(request: Request) -> Response:
        """Ping."""
        await operations.ping()
        return Response(204)

    return {
        "find_things": find_things,
        "show_thing": show_thing,
        "add_thing": add_thing,
        "add_many": add_many,
        "replace_thing": replace_thing,
        "rename_thing": rename_thing,
        "close_case": close_case,
        "sweep_things": sweep_things,
        "count_things": count_things,
        "buy_thing": buy_thing,
        "return_thing": return_thing,
        "stamp_things": stamp_things,
        "ping": ping,
    }
