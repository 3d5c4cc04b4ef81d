# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `desk`, each as one unit of work."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pydantic import AnyUrl, JsonValue

from framework.runtime.deprecation import tell_deprecated
from services.desk.src.generated.protocols import (
    CasesControllerProtocol,
    OldCasesControllerProtocol,
)
from shared.generated.events import publish_message_copied
from shared.generated.schemas import (
    AliasedCreate,
    AliasedKey,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    ShowDefaultsTheme,
)


class CasesOperations:
    """The operations of the domain `cases`, whatever calls them."""

    def __init__(
        self,
        controller: CasesControllerProtocol,
    ) -> None:
        self._controller = controller

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
        return await self._controller.open_case(payload=payload)

    async def show_defaults(
        self,
        *,
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
        return await self._controller.show_defaults(
            x_day=x_day,
            x_trace=x_trace,
            x_code=x_code,
            theme=theme,
            visits=visits,
            since=since,
            lasts=lasts,
            price=price,
            trace_id=trace_id,
            page=page,
            marks=marks,
            numbers=numbers,
            days=days,
        )

    async def send_message(
        self,
        *,
        class_: str,
        payload: AliasedCreate,
        from_: str,
        import_: int,
        session_: bool,
        payload_: list[int],
    ) -> AliasedRead:
        """Send message."""
        result = await self._controller.send_message(
            class_=class_,
            payload=payload,
            from_=from_,
            import_=import_,
            session_=session_,
            payload_=payload_,
        )
        await publish_message_copied(AliasedKey(from_=from_, copy_=payload.copy_))
        return result

    async def change_message(
        self,
        *,
        payload: AliasedUpdate,
    ) -> AliasedRead:
        """Change message."""
        return await self._controller.change_message(payload=payload)

    async def keep_pictures(
        self,
        *,
        payload: dict[str, bytes],
    ) -> list[bytes]:
        """Keep pictures."""
        return await self._controller.keep_pictures(payload=payload)

    async def keep_notes(
        self,
        *,
        payload: dict[str, JsonValue],
    ) -> JsonValue:
        """Keep notes."""
        return await self._controller.keep_notes(payload=payload)

    async def count_cases(
        self,
    ) -> int:
        """Count cases.

        Deprecated.

        Raises:
            Invalid: 422 over REST.
            NotFound: 404 over REST.
        """
        tell_deprecated("cases.count_cases")
        return await self._controller.count_cases()


class OldCasesOperations:
    """The operations of the domain `old_cases`, whatever calls them."""

    def __init__(
        self,
        controller: OldCasesControllerProtocol,
    ) -> None:
        self._controller = controller

    async def forget_cases(
        self,
    ) -> None:
        """Forget cases."""
        await self._controller.forget_cases()

    async def file_cases(
        self,
    ) -> None:
        """A service that handles no events has a clock too."""
        await self._controller.file_cases()
