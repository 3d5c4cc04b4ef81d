"""The business logic of the domain `cases`: what it is given comes back."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pydantic import AnyUrl, JsonValue

from shared.generated.errors import CaseExists, DeskClosed, Invalid, NotFound
from shared.generated.schemas import (
    AliasedCreate,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    ShowDefaultsTheme,
)

ERRORS = {
    1: CaseExists("There is a case 1."),
    2: Invalid("A case has an odd number."),
    3: DeskClosed("Come back tomorrow."),
    4: NotFound("Not named in the spec."),
}


class CasesController:
    """Carries out the operations of `services/desk/spec/cases.yaml`."""

    async def open_case(self, payload: CaseOpen) -> Case | None:
        """Open a case, or refuse it by its number."""
        if error := ERRORS.get(payload.number):
            raise error
        return Case(number=payload.number)

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
        """What was given, in fields of its type."""
        return Defaults(
            count=visits or 0,
            price=price,
            title=f"a {theme.value}",
            day=x_day,
            since=since,
            lasts=lasts,
            code=x_code,
            page=page,
            extra={"numbers": [*sorted(numbers or set())], "trace": str(trace_id)},
            marks=marks,
            days=set(days),
            note=x_trace,
        )

    async def send_message(
        self,
        class_: str,
        payload: AliasedCreate,
        from_: str,
        import_: int,
        session_: bool,
        payload_: list[int],
    ) -> AliasedRead:
        """The message as it was sent; the rest of what was given is its schema."""
        rest = f"{class_} {from_} {import_} {session_} {payload_}"
        return AliasedRead(schema_=rest, **payload.model_dump())

    async def change_message(self, payload: AliasedUpdate) -> AliasedRead:
        """The fields that were set, in the order of their names."""
        names = ", ".join(sorted(payload.model_dump(exclude_unset=True)))
        return AliasedRead(from_="nobody", schema_=names, type="patch")

    async def keep_pictures(self, payload: dict[str, bytes]) -> list[bytes]:
        """The pictures, in the order of their names."""
        return [payload[name] for name in sorted(payload)]

    async def keep_notes(self, payload: dict[str, JsonValue]) -> JsonValue:
        """The notes as they were sent."""
        return dict(payload)

    async def count_cases(self) -> int:
        """No case is kept."""
        return 0
