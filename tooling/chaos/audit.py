"""The rest of the account: what only this project knows, that is its tables and which orders are poison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

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
_NOTIFICATIONS: Final = {"charges": "order_id"}


@dataclass(frozen=True, slots=True)
class Audit:
    """The account of this project."""

    poison: Container[int] = range(40, 50)
    """The moods of the orders that can never be charged, as in the project's `controllers/billing.py`."""

    def is_poison(self, event: Committed, subscriber: Subscriber) -> bool:
        """Whether the handler is meant to give the event up."""
        return (
            subscriber.name == "notifications.billing.charge_order" and event.content["mood"] in self.poison
        )

    async def inspect(self, databases: Mapping[str, str], evidence: Evidence) -> list[Breach]:
        """Hold requests, rows, events and effects against each other."""
        return await _inspect(databases, evidence, self.poison)


async def _inspect(databases: Mapping[str, str], evidence: Evidence, poison: Container[int]) -> list[Breach]:
    rows = await _read(databases["backend"], _BACKEND) | await _read(
        databases["notifications"], _NOTIFICATIONS
    )
    found = [
        *_answered(evidence, "orders.place_order", rows["orders"]),
        *_answered(evidence, "orders.request_report", rows["reports"]),
        *_told(evidence, "order.placed", "orders", rows["orders"]),
        *_told(evidence, "report.requested", "reports", rows["reports"]),
    ]
    moods = {event.content["id"]: event.content["mood"] for event in _events(evidence, "order.placed")}
    healthy = {id_ for id_, mood in moods.items() if mood not in poison}
    for table, wanted in (
        ("charges", healthy),
        ("settlements", healthy),
        ("report_notes", set(rows["reports"])),
    ):
        found += _applied(table, rows[table], wanted)
    return [breach for breach in found if breach.ids]


async def _read(url: str, columns: Mapping[str, str]) -> dict[str, Counter[int]]:
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table: Counter(await connection.scalars(text(f"SELECT {column} FROM {table}")))  # noqa: S608
                for table, column in columns.items()
            }
    finally:
        await engine.dispose()


def _events(evidence: Evidence, name: str) -> list[Committed]:
    return [event for event in evidence.outboxes["backend"] if event.type == name]


def _answered(evidence: Evidence, operation: str, rows: Counter[int]) -> Iterator[Breach]:
    answered = {
        answer["id"]
        for call, answer in evidence.answers.successes
        if call.route.operation.qualified_name == operation
    }
    yield Breach(Promise.ANSWER, f"{operation} was answered, without a row", _ids(answered - rows.keys()))


def _told(evidence: Evidence, event: str, table: str, rows: Counter[int]) -> Iterator[Breach]:
    told = Counter(each.content["id"] for each in _events(evidence, event))
    yield Breach(Promise.LOST, f"rows of {table} without {event}", _ids(rows.keys() - told.keys()))
    yield Breach(Promise.GHOST, f"{event} without a row of {table}", _ids(told.keys() - rows.keys()))


def _applied(table: str, rows: Counter[int], wanted: set[int]) -> Iterator[Breach]:
    yield Breach(Promise.TWICE, f"rows of {table}", _ids({id_ for id_, times in rows.items() if times > 1}))
    yield Breach(Promise.LOST, f"missing rows of {table}", _ids(wanted - rows.keys()))
    yield Breach(Promise.GHOST, f"rows of {table} that nobody asked for", _ids(rows.keys() - wanted))


def _ids(ids: set[int]) -> list[str]:
    return [str(id_) for id_ in sorted(ids)]
