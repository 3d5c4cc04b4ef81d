# Generated from services/desk/spec/cases.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `cases` over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Cookie, Header, Path, Query
from pydantic import AnyUrl

from framework.runtime.openapi import refusals
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
from shared.generated.errors import CaseExists, Conflict, DeskClosed, Invalid, NotFound
from shared.generated.schemas import (
    AliasedCreate,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    ShowDefaultsTheme,
)


def create_router(operations: CasesOperations) -> APIRouter:
    """Make the routes of the domain `cases`."""
    router = APIRouter(tags=["cases"])

    @router.post(
        "/cases",
        operation_id="open_case",
        responses=refusals(CaseExists, Conflict, Invalid, DeskClosed),
    )
    async def open_case(
        payload: CaseOpen,
    ) -> Case | None:
        """Open case."""
        return await operations.open_case(payload=payload)

    @router.get("/cases/defaults", operation_id="show_defaults")
    async def show_defaults(
        x_code: Annotated[UUID, Header()],
        trace_id: Annotated[
            UUID,
            Query(
                json_schema_extra={"default": "6fa459ea-ee8a-3ca4-894e-db77e160355e"},
                default_factory=lambda: UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e"),
            ),
        ],
        page: Annotated[
            AnyUrl,
            Query(
                json_schema_extra={"default": "https://example.org/"},
                default_factory=lambda: AnyUrl("https://example.org/"),
            ),
        ],
        marks: Annotated[
            set[Text],
            Query(
                max_length=3,
                json_schema_extra={"default": ["b", "a"]},
                default_factory=lambda: {"b", "a"},
            ),
        ],
        days: Annotated[
            list[CalendarDate],
            Query(
                json_schema_extra={"default": ["2024-02-29"]},
                default_factory=lambda: [dt.date(2024, 2, 29)],
            ),
        ],
        x_day: Annotated[CalendarDate, Header(description="The day.")] = dt.date(2024, 2, 29),
        x_trace: Annotated[str | None, Header(max_length=20), Storable()] = None,
        theme: Annotated[ShowDefaultsTheme, Cookie()] = ShowDefaultsTheme.DARK,
        visits: Annotated[Int64 | None, Cookie(ge=0)] = None,
        since: StorableDatetime = dt.datetime(2024, 1, 1, 0, 0, tzinfo=dt.UTC),
        lasts: StorableDuration = dt.timedelta(hours=1),
        price: Annotated[Decimal15, Query(ge=Decimal("0.25"))] = Decimal("0.5"),
        numbers: Annotated[set[Int64] | None, Query()] = None,
    ) -> Defaults:
        """Parameters with a default of every type, from every place."""
        return await operations.show_defaults(
            x_code=x_code,
            trace_id=trace_id,
            page=page,
            marks=marks,
            days=days,
            x_day=x_day,
            x_trace=x_trace,
            theme=theme,
            visits=visits,
            since=since,
            lasts=lasts,
            price=price,
            numbers=numbers,
        )

    @router.post("/messages/{class}", operation_id="send_message", status_code=201)
    async def send_message(
        class_: Annotated[Text, Path(alias="class")],
        payload: AliasedCreate,
        from_: Annotated[str, Header(alias="from", min_length=1), Storable()],
        payload_: Annotated[
            list[Int64],
            Query(alias="payload", json_schema_extra={"default": []}, default_factory=list),
        ],
        import_: Annotated[Int64, Cookie(alias="import")] = 1,
        session_: Annotated[bool, Query(alias="session")] = False,
    ) -> AliasedRead:
        """Send message."""
        return await operations.send_message(
            class_=class_,
            payload=payload,
            from_=from_,
            payload_=payload_,
            import_=import_,
            session_=session_,
        )

    @router.patch("/messages", operation_id="change_message")
    async def change_message(
        payload: AliasedUpdate,
    ) -> AliasedRead:
        """Change message."""
        return await operations.change_message(payload=payload)

    @router.post("/cases/pictures", operation_id="keep_pictures")
    async def keep_pictures(
        payload: Annotated[dict[Text, Base64Bytes], Body()],
    ) -> list[Base64Bytes]:
        """Keep pictures."""
        return await operations.keep_pictures(payload=payload)

    @router.post("/cases/notes", operation_id="keep_notes")
    async def keep_notes(
        payload: Annotated[dict[Text, StorableJson], Body()],
    ) -> StorableJson:
        """Keep notes."""
        return await operations.keep_notes(payload=payload)

    @router.get(
        "/cases/count",
        operation_id="count_cases",
        responses=refusals(Invalid, NotFound),
        deprecated=True,
    )
    async def count_cases() -> Int64:
        """Count cases.

        Deprecated.
        """
        return await operations.count_cases()

    return router
