# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The service `desk` as `courier` calls it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pydantic import AnyUrl, Field
from typing_extensions import deprecated

from framework.runtime.http_client import HttpClient, RetryPolicy, at_least_one, segment
from framework.runtime.schema import decode
from framework.runtime.settings import ServiceSettings, load
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


class DeskSettings(ServiceSettings):
    """Where the service `desk` is."""

    desk_api_base_url: str = Field(
        description="The address of the service `desk`, such as http://localhost:8005."
    )


class DeskClient(HttpClient):
    """Calls `desk`, at `DESK_API_BASE_URL` unless another address is given."""

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
            base_url or load(DeskSettings).desk_api_base_url,
            max_retries=max_retries,
            initial_delay=initial_delay,
            retry_server_errors=retry_server_errors,
            deadline=deadline,
        )

    async def change_message(
        self,
        *,
        payload: AliasedUpdate,
    ) -> AliasedRead:
        """Change message."""
        response = await self.request("PATCH", "/messages", idempotent=False, content=payload)
        return decode(AliasedRead, response.content)

    @deprecated("cases.count_cases is deprecated")
    async def count_cases(
        self,
    ) -> int:
        """Count cases.

        Deprecated.

        Raises:
            Invalid: 422 over REST.
            NotFound: 404 over REST.
        """
        response = await self.request(
            "GET", "/cases/count", idempotent=True, errors=[Invalid, NotFound]
        )
        return decode(int, response.content)

    async def keep_pictures(
        self,
        *,
        payload: dict[str, bytes],
    ) -> list[bytes]:
        """Keep pictures."""
        response = await self.request("POST", "/cases/pictures", idempotent=False, content=payload)
        return decode(list[bytes], response.content)

    async def open_case(
        self,
        *,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case.

        Raises:
            CaseExists: 409 over REST.
            Conflict: 409 over REST.
            Invalid: 422 over REST.
            DeskClosed: 503 over REST.
        """
        response = await self.request(
            "POST",
            "/cases",
            idempotent=False,
            content=payload,
            errors=[CaseExists, Conflict, Invalid, DeskClosed],
        )
        return decode(Case | None, response.content)

    async def send_message(
        self,
        *,
        payload: AliasedCreate,
        class_: str,
        from_: str,
        import_: int | None = None,
        session_: bool | None = None,
        payload_: list[int] | None = None,
    ) -> AliasedRead:
        """Send message."""
        response = await self.request(
            "POST",
            f"/messages/{segment(class_)}",
            idempotent=False,
            query={"session": session_, "payload": payload_},
            headers={"from": from_},
            cookies={"import": import_},
            content=payload,
        )
        return decode(AliasedRead, response.content)

    async def show_defaults(
        self,
        *,
        x_day: dt.date | None = None,
        x_trace: str | None = None,
        x_code: UUID,
        theme: ShowDefaultsTheme | None = None,
        visits: int | None = None,
        since: dt.datetime | None = None,
        lasts: dt.timedelta | None = None,
        price: Decimal | None = None,
        trace_id: UUID | None = None,
        page: AnyUrl | None = None,
        marks: set[str] | None = None,
        numbers: set[int] | None = None,
        days: list[dt.date] | None = None,
    ) -> Defaults:
        """Parameters with a default of every type, from every place."""
        response = await self.request(
            "GET",
            "/cases/defaults",
            idempotent=True,
            query={
                "since": since,
                "lasts": lasts,
                "price": price,
                "trace_id": trace_id,
                "page": page,
                "marks": at_least_one(marks),
                "numbers": numbers,
                "days": at_least_one(days),
            },
            headers={"x-day": x_day, "x-trace": x_trace, "x-code": x_code},
            cookies={"theme": theme, "visits": visits},
        )
        return decode(Defaults, response.content)
