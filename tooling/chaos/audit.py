"""The rest of the account: what only this project knows, that is its tables and which orders are poison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from framework.chaos.account import Breach, Promise
from framework.chaos.evidence import Committed, Evidence, Subscriber
from framework.runtime.database import create_engine

_BACKEND: Final = {
    "orders": "id",
    "settlements": "order_id",
    "reports": "id",
    "report_notes": "report_id",
}
_NOTIFICATIONS: Final = {"charges": "order_id", "payments": "reference"}


@dataclass(frozen=True, slots=True)
class Audit:
    """The account of this project."""

    poison: Container[int] = range(40, 50)
    """The moods of the orders that can never be charged, as in the project's `controllers/billing.py`."""
    refused: Container[int] = range(500, 510)
    """Those of the reports that are refused."""

    def is_poison(self, event: Committed, subscriber: Subscriber) -> bool:
        """Whether the handler is meant to give the event up."""
        match subscriber.name:
            case "notifications.billing.charge_order":
                return event.content["mood"] in self.poison
            case "notifications.billing.write_report":
                return event.content["mood"] in self.refused
        return False

    async def inspect(self, databases: Mapping[str, str], evidence: Evidence) -> list[Breach]:
        """Hold requests, rows, events and effects against each other."""
        rows = await _read(databases["backend"], _BACKEND)
        rows |= await _read(databases["notifications"], _NOTIFICATIONS)
        found = [
            *_answered(evidence, "orders.place_order", rows["orders"]),
            *_answered(evidence, "orders.request_report", rows["reports"]),
            *_told(evidence, "order.placed", "orders", rows["orders"]),
            *_told(evidence, "report.requested", "reports", rows["reports"]),
        ]
        healthy = _of_other_moods(evidence, "order.placed", self.poison)
        for table, wanted in (
            ("charges", healthy),
            ("settlements", healthy),
            ("report_notes", _of_other_moods(evidence, "report.requested", self.refused)),
            ("payments", _paid(evidence)),
        ):
            found += _applied(table, rows[table], wanted)
        return [breach for breach in found if breach.ids]


def _of_other_moods(evidence: Evidence, event: str, moods: Container[int]) -> set[str]:
    contents = (each.content for each in _events(evidence, event))
    return {str(content["id"]) for content in contents if content["mood"] not in moods}


def _paid(evidence: Evidence) -> set[str]:
    return {
        UUID(each.content["reference"]).hex
        for each in evidence.committed.values()
        if each.type == "payment.received"
    }


async def _read(url: str, columns: Mapping[str, str]) -> dict[str, Counter[str]]:
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table: Counter(map(_spelled, await connection.scalars(text(f"SELECT {column} FROM {table}"))))  # noqa: S608
                for table, column in columns.items()
            }
    finally:
        await engine.dispose()


def _events(evidence: Evidence, name: str) -> list[Committed]:
    return [event for event in evidence.outboxes["backend"] if event.type == name]


def _answered(evidence: Evidence, operation: str, rows: Counter[str]) -> Iterator[Breach]:
    answered = {
        str(answer["id"])
        for call, answer in evidence.answers.successes
        if call.route.operation.qualified_name == operation
    }
    yield Breach(Promise.ANSWER, f"{operation} was answered, without a row", sorted(answered - rows.keys()))


def _told(evidence: Evidence, event: str, table: str, rows: Counter[str]) -> Iterator[Breach]:
    told = Counter(str(each.content["id"]) for each in _events(evidence, event))
    yield Breach(Promise.LOST, f"rows of {table} without {event}", sorted(rows.keys() - told.keys()))
    yield Breach(Promise.GHOST, f"{event} without a row of {table}", sorted(told.keys() - rows.keys()))


def _applied(table: str, rows: Counter[str], wanted: set[str]) -> Iterator[Breach]:
    yield Breach(Promise.TWICE, f"rows of {table}", sorted({id_ for id_, times in rows.items() if times > 1}))
    yield Breach(Promise.LOST, f"missing rows of {table}", sorted(wanted - rows.keys()))
    yield Breach(Promise.GHOST, f"rows of {table} that nobody asked for", sorted(rows.keys() - wanted))


def _spelled(value: object) -> str:
    """A number, or a UUID, of which each driver has a form of its own."""
    return str(value).replace("-", "")
