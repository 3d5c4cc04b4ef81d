"""Who talks to whom as a flowchart of Mermaid, which GitHub draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from framework.connectivity import Connectivity
from framework.generators.service_map.rows import OUTSIDE, UNDESCRIBED

_MOST_NAMES = 4
"""Names on one arrow; the tables below the flowchart have all of them."""


def mermaid(lines: Connectivity) -> str:
    """The flowchart, without a fence: an arrow for each pair of services and each way of talking."""
    return "\n".join(["flowchart LR", *(f"    {line}" for line in _statements(lines))])


def _statements(lines: Connectivity) -> Iterator[str]:
    events = _events(lines)
    for service in lines.services:
        yield f'{_node(service.name)}["{service.name}"]'
    if any(OUTSIDE in pair for pair in events):
        yield f'{_node(OUTSIDE)}(["{OUTSIDE}"])'
    for name in lines.with_database:
        yield f'database_{name}[("database of {name}")]'
    for call in lines.calls:
        operations = _label([operation.name for operation in call.operations] or [UNDESCRIBED])
        yield f"{_node(call.caller)} -->|{operations}| {_node(call.callee)}"
    for (sender, receiver), names in events.items():
        yield f"{_node(sender)} -. {_label(names)} .-> {_node(receiver)}"
    for name in lines.with_database:
        yield f"{_node(name)} --- database_{name}"


def _events(lines: Connectivity) -> dict[tuple[str, str], list[str]]:
    """The names of the events that go from one service to another."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for flow in lines.flows:
        for sender in flow.publishers or (OUTSIDE,):
            for receiver in flow.handlers:
                found[sender, receiver].append(flow.event.name)
    return dict(sorted(found.items()))


def _node(service: str) -> str:
    """The name of a node: `end` and `graph` alone would mean something to Mermaid."""
    return f"service_{service}"


def _label(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) > _MOST_NAMES:
        shown[_MOST_NAMES:] = [f"and {len(shown) - _MOST_NAMES} more"]
    return f'"{"<br>".join(shown)}"'
