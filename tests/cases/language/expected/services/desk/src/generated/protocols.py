# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `desk` must be able to do."""

import datetime as dt
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from pydantic import AnyUrl, JsonValue

from shared.generated.schemas import (
    AliasedCreate,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    ShowDefaultsTheme,
)


class CasesControllerProtocol(Protocol):
    """The business logic of the domain `cases`."""

    async def open_case(
        self,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case.

        Raises:
            CaseExists: 409 over REST.
            Conflict: 409 over REST.
            Invalid: 422 over REST.
            DeskClosed: 503 over REST.
        """

    async def show_defaults(
        self,
        x_day: dt.date,
        x_trace: str | None,
        x_code: UUID,
        theme: ShowDefaultsTheme,
        visits: int | None,
        since: dt.datetime,
        lasts: dt.timedelta,
        price: Decimal,
        trace_id: UUID,
        page: AnyUrl,
        marks: set[str],
        numbers: set[int] | None,
        days: list[dt.date],
    ) -> Defaults:
        """Parameters with a default of every type, from every place."""

    async def send_message(
        self,
        class_: str,
        payload: AliasedCreate,
        from_: str,
        import_: int,
        session_: bool,
        payload_: list[int],
    ) -> AliasedRead:
        """Send message."""

    async def change_message(
        self,
        payload: AliasedUpdate,
    ) -> AliasedRead:
        """Change message."""

    async def keep_pictures(
        self,
        payload: dict[str, bytes],
    ) -> list[bytes]:
        """Keep pictures."""

    async def keep_notes(
        self,
        payload: dict[str, JsonValue],
    ) -> JsonValue:
        """Keep notes."""

    async def count_cases(
        self,
    ) -> int:
        """Count cases.

        Deprecated.

        Raises:
            Invalid: 422 over REST.
            NotFound: 404 over REST.
        """


class OldCasesControllerProtocol(Protocol):
    """The business logic of the domain `old_cases`."""

    async def forget_cases(
        self,
    ) -> None:
        """Forget cases."""

    async def file_cases(
        self,
    ) -> None:
        """A service that handles no events has a clock too."""
