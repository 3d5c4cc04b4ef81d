"""The business logic of the domain `cases`."""

import datetime as dt
from decimal import Decimal
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


class CasesController:
    """Carries out the operations of `services/desk/spec/cases.yaml`."""

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
        raise NotImplementedError("not written yet")

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
        raise NotImplementedError("not written yet")

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
        raise NotImplementedError("not written yet")

    async def change_message(
        self,
        payload: AliasedUpdate,
    ) -> AliasedRead:
        """Change message."""
        raise NotImplementedError("not written yet")

    async def keep_pictures(
        self,
        payload: dict[str, bytes],
    ) -> list[bytes]:
        """Keep pictures."""
        raise NotImplementedError("not written yet")

    async def keep_notes(
        self,
        payload: dict[str, JsonValue],
    ) -> JsonValue:
        """Keep notes."""
        raise NotImplementedError("not written yet")

    async def count_cases(
        self,
    ) -> int:
        """Count cases.

        Deprecated.

        Raises:
            Invalid: 422 over REST.
            NotFound: 404 over REST.
        """
        raise NotImplementedError("not written yet")
