"""In which order schemas are defined: each after those that it refers to, unless a cycle forbids it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from framework.system import Schema, System

_NONE: frozenset[str] = frozenset()


class SchemaOrder(NamedTuple):
    """All schemas in their order, and what remains to do about cycles.

    `ahead` are the names of those that a schema refers to before they are defined, its own among them; it has
    only schemas that do.
    `incomplete` are those that refer, directly or through others, to one that is defined after them.
    """

    schemas: list[Schema]
    ahead: Mapping[str, frozenset[str]]
    incomplete: list[str]


def in_order(system: System) -> SchemaOrder:
    """Schemas after those that they refer to; the order of the system is kept as far as that allows."""
    known = {schema.name: schema for schema in system.schemas}
    needs = system.needs
    positions = _positions(needs)
    ahead = {
        name: frozenset(late)
        for name, position in positions.items()
        if (late := [need for need in needs[name] if positions[need] >= position])
    }
    return SchemaOrder([known[name] for name in positions], ahead, _incomplete(positions, ahead, needs))


def _positions(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Walks without recursion: chains may be long."""
    positions: dict[str, int] = {}
    entered: set[str] = set()
    for first in needs:
        stack = [] if first in entered else [first]
        while stack:
            name = stack[-1]
            is_new = name not in entered
            entered.add(name)
            ahead = [need for need in reversed(needs[name]) if need not in entered] if is_new else []
            if ahead:
                stack += ahead
            else:
                positions.setdefault(stack.pop(), len(positions))
    return positions


def _incomplete(
    positions: Iterable[str], ahead: Mapping[str, frozenset[str]], needs: Mapping[str, Sequence[str]]
) -> list[str]:
    late: dict[str, None] = {}
    for name in positions if ahead else ():
        if ahead.get(name, _NONE) - {name} or any(need in late for need in needs[name]):
            late[name] = None
    return list(late)
