# Generated from services/desk/spec/cases.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `cases`; FastAPI's router has all others."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AnyUrl, Field

from framework.runtime.endpoints import Endpoints, Request, Response, WireType
from framework.runtime.types import (
    Base64Bytes,
    CalendarDate,
    Decimal15,
    Int64,
    Storable,
    StorableDatetime,
    StorableDuration,
    StorableJson,
    Text,
)
from services.desk.src.generated.operations import CasesOperations
from shared.generated.schemas import (
    AliasedCreate,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    ShowDefaultsTheme,
)

_CASE_OPEN = WireType(CaseOpen)
_CASE_OR_NONE = WireType(Case | None)
_DATE = WireType(CalendarDate)
_SHOW_DEFAULTS_X_TRACE = WireType(Annotated[str | None, Field(max_length=20), Storable()])
_UUID = WireType(UUID)
_SHOW_DEFAULTS_THEME = WireType(ShowDefaultsTheme)
_SHOW_DEFAULTS_VISITS = WireType(Annotated[Int64 | None, Field(ge=0)])
_DATETIME = WireType(StorableDatetime)
_DURATION = WireType(StorableDuration)
_SHOW_DEFAULTS_PRICE = WireType(Annotated[Decimal15, Field(ge=Decimal("0.25"))])
_URL = WireType(AnyUrl)
_SHOW_DEFAULTS_MARKS = WireType(Annotated[set[Text], Field(max_length=3)])
_SET_OF_INT_OR_NONE = WireType(set[Int64] | None)
_LIST_OF_DATE = WireType(list[CalendarDate])
_DEFAULTS = WireType(Defaults)
_STRING = WireType(Text)
_SEND_MESSAGE_FROM = WireType(Annotated[str, Field(min_length=1), Storable()])
_INT = WireType(Int64)
_BOOL = WireType(bool)
_LIST_OF_INT = WireType(list[Int64])
_ALIASED_CREATE = WireType(AliasedCreate)
_ALIASED_READ = WireType(AliasedRead)
_ALIASED_UPDATE = WireType(AliasedUpdate)
_DICT_OF_BYTES = WireType(dict[Text, Base64Bytes])
_LIST_OF_BYTES = WireType(list[Base64Bytes])
_DICT_OF_JSON = WireType(dict[Text, StorableJson])
_JSON = WireType(StorableJson)


def create_endpoints(operations: CasesOperations) -> Endpoints:
    """Make the endpoints of the domain `cases`."""

    async def open_case(request: Request) -> Response:
        """Open case."""
        result = await operations.open_case(payload=await request.body(_CASE_OPEN))
        return Response(200, _CASE_OR_NONE.encode(result))

    async def show_defaults(request: Request) -> Response:
        """Parameters with a default of every type, from every place."""
        result = await operations.show_defaults(
            x_day=request.header("x-day", _DATE, default_factory=lambda: dt.date(2024, 2, 29)),
            x_trace=request.header("x-trace", _SHOW_DEFAULTS_X_TRACE, default=None),
            x_code=request.header("x-code", _UUID),
            theme=request.cookie("theme", _SHOW_DEFAULTS_THEME, default=ShowDefaultsTheme.DARK),
            visits=request.cookie("visits", _SHOW_DEFAULTS_VISITS, default=None),
            since=request.query(
                "since",
                _DATETIME,
                default_factory=lambda: dt.datetime(2024, 1, 1, 0, 0, tzinfo=dt.UTC),
            ),
            lasts=request.query("lasts", _DURATION, default_factory=lambda: dt.timedelta(hours=1)),
            price=request.query(
                "price", _SHOW_DEFAULTS_PRICE, default_factory=lambda: Decimal("0.5")
            ),
            trace_id=request.query(
                "trace_id",
                _UUID,
                default_factory=lambda: UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e"),
            ),
            page=request.query(
                "page", _URL, default_factory=lambda: AnyUrl("https://example.org/")
            ),
            marks=request.queries(
                "marks", _SHOW_DEFAULTS_MARKS, default_factory=lambda: {"b", "a"}
            ),
            numbers=request.queries("numbers", _SET_OF_INT_OR_NONE, default=None),
            days=request.queries(
                "days", _LIST_OF_DATE, default_factory=lambda: [dt.date(2024, 2, 29)]
            ),
        )
        return Response(200, _DEFAULTS.encode(result))

    async def send_message(request: Request) -> Response:
        """Send message."""
        result = await operations.send_message(
            class_=request.path("class", _STRING),
            from_=request.header("from", _SEND_MESSAGE_FROM),
            import_=request.cookie("import", _INT, default=1),
            session_=request.query("session", _BOOL, default=False),
            payload_=request.queries("payload", _LIST_OF_INT, default_factory=list),
            payload=await request.body(_ALIASED_CREATE),
        )
        return Response(201, _ALIASED_READ.encode(result))

    async def change_message(request: Request) -> Response:
        """Change message."""
        result = await operations.change_message(payload=await request.body(_ALIASED_UPDATE))
        return Response(200, _ALIASED_READ.encode(result))

    async def keep_pictures(request: Request) -> Response:
        """Keep pictures."""
        result = await operations.keep_pictures(payload=await request.body(_DICT_OF_BYTES))
        return Response(200, _LIST_OF_BYTES.encode(result))

    async def keep_notes(request: Request) -> Response:
        """Keep notes."""
        result = await operations.keep_notes(payload=await request.body(_DICT_OF_JSON))
        return Response(200, _JSON.encode(result))

    async def count_cases(request: Request) -> Response:
        """Count cases.

        Deprecated.
        """
        result = await operations.count_cases()
        return Response(200, _INT.encode(result))

    return {
        "open_case": open_case,
        "show_defaults": show_defaults,
        "send_message": send_message,
        "change_message": change_message,
        "keep_pictures": keep_pictures,
        "keep_notes": keep_notes,
        "count_cases": count_cases,
    }
