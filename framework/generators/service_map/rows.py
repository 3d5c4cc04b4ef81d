"""Who talks to whom as rows: what is said, by whom, to whom, and what it calls there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from framework.connectivity import Call, Clock, Connectivity, Flow
from framework.system import Operation, ScheduleBinding

OUTSIDE = "outside"
"""Stands among the names of services for everything that is not of this project."""

UNDESCRIBED = "its routes"
"""Stands for what a service is called for, and no spec describes."""

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


class Row(NamedTuple):
    """One thing that is said; `calls` are the operations of the receivers, or how those are called."""

    what: str
    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    calls: str


class Section(NamedTuple):
    """Rows of one kind; `kind` is the name of their style."""

    kind: str
    title: str
    rows: tuple[Row, ...]

    @property
    def table(self) -> str:
        """The rows as those of a table in Markdown."""
        return "\n".join(
            f"| `{row.what}` | {', '.join(row.senders)} | {', '.join(row.receivers)} | {row.calls} |"
            for row in self.rows
        )


def sections(lines: Connectivity) -> tuple[Section, ...]:
    """All that is said in a system, by the way it takes; a way that nothing takes is left out."""
    found = (
        Section("call", "Calls over HTTP", tuple(row for call in lines.calls for row in _calls(call))),
        Section("event", "Events over the broker", tuple(_event(flow) for flow in lines.flows)),
        Section("clock", "By the clock", tuple(row for clock in lines.clocks for row in _ticks(clock))),
    )
    return tuple(section for section in found if section.rows)


def merged(section: Section) -> Section:
    """The section with one row for all that the same services say to the same others."""
    found: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[Row]] = defaultdict(list)
    for row in section.rows:
        found[row.senders, row.receivers].append(row)
    rows = tuple(first._replace(what=_and_more(first.what, rest)) for first, *rest in found.values())
    return section._replace(rows=rows)


def _and_more(name: str, others: list[Row]) -> str:
    return f"{name} and {len(others)} more" if others else name


def _calls(call: Call) -> Iterator[Row]:
    if not call.operations:
        yield Row(UNDESCRIBED, (call.caller,), (call.callee,), "")
    for operation in call.operations:
        yield Row(operation.name, (call.caller,), (call.callee,), _route(operation))


def _route(operation: Operation) -> str:
    return f"{operation.rest.method} {operation.rest.path}" if operation.rest else ""


def _event(flow: Flow) -> Row:
    calls = ", ".join(each.qualified_name for each in flow.handlers.values())
    return Row(flow.event.name, flow.publishers or (OUTSIDE,), tuple(flow.handlers), calls)


def _ticks(clock: Clock) -> Iterator[Row]:
    for operation in clock.operations:
        if operation.schedule:
            yield Row(operation.qualified_name, (), (clock.service,), _times(operation.schedule))


def _times(schedule: ScheduleBinding) -> str:
    if isinstance(schedule.times, timedelta):
        return f"every {_duration(schedule.times)}"
    return f"{schedule.times} {schedule.timezone}"


def _duration(length: timedelta) -> str:
    """As specs have it: `90s`, `1h`; in milliseconds if it is no whole number of seconds."""
    for unit, size in _UNITS.items():
        if not length % size:
            return f"{length // size}{unit}"
    return f"{length // timedelta(milliseconds=1)}ms"
