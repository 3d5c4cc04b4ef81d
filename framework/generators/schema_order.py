"""In which order schemas are defined: each after those that it refers to, unless a cycle forbids it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from framework.system import Schema, System


class SchemaOrder(NamedTuple):
    """All schemas in their order, and what remains to do about cycles.

    `ahead` are the names of those that each refers to before they are defined, its own among them.
    `incomplete` are those that refer, directly or through others, to one that is defined after them.
    """

    schemas: list[Schema]
    ahead: Mapping[str, frozenset[str]]
    incomplete: list[str]


def in_order(system: System) -> SchemaOrder:
    """Schemas after those that they refer to; the order of the system is kept as far as that allows."""
    known = {schema.name: schema for schema in system.schemas}
    positions = _positions(system.needs)
    ahead = {
        name: frozenset(need for need in system.needs[name] if positions[need] >= position)
        for name, position in positions.items()
    }
    return SchemaOrder([known[name] for name in positions], ahead, _incomplete(ahead, system.needs))


def _positions(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Walks without recursion: chains may be long."""
    positions: dict[str, int] = {}
    entered: set[str] = set()
    for first in needs:
        stack = [first]
        while stack:
            name = stack[-1]
            if name in entered:
                positions.setdefault(stack.pop(), len(positions))
            else:
                entered.add(name)
                stack.extend(need for need in reversed(needs[name]) if need not in entered)
    return positions


def _incomplete(ahead: Mapping[str, frozenset[str]], needs: Mapping[str, Sequence[str]]) -> list[str]:
    late: dict[str, None] = {}
    for name, names in ahead.items():
        if names - {name} or any(need in late for need in needs[name]):
            late[name] = None
    return list(late)
