"""In which forms a schema travels: as what services are sent, as what they answer, or as both.

A field with a default may be left out of what a service is sent, and always stands in what it answers. A
schema with such a field, or with a field of such a schema, has two forms if it travels both ways over REST. A
message of an event is read by services of all versions, and by REST's rules if REST has any for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from operator import attrgetter

from framework.system import FAILURE, Schema, System, reachable
from framework.types import references


class Form(StrEnum):
    """The side on which a schema is seen."""

    SENT = "sent"
    ANSWERED = "answered"

    # That of enums is written in Python, and forms are looked up for every schema.
    __hash__ = str.__hash__


_has_default = attrgetter("has_default")


class SchemaForms:
    """The forms of every schema of a system."""

    def __init__(self, system: System) -> None:
        named = {schema.name: schema for schema in system.schemas}
        if system.speaks_of_failures:
            named[FAILURE.name] = FAILURE
        self.schemas: Mapping[str, Schema] = named
        """All schemas by name, and that of failures if an event carries it."""
        self._sent = system.sent
        self._answered = reachable(_answered(system), system.needs)
        self._answered |= named.keys() - self._sent
        varying = [name for name, schema in named.items() if any(map(_has_default, schema.fields))]
        self._varying = reachable(varying, _reversed(system.needs))

    def __iter__(self) -> Iterator[tuple[Schema, Form]]:
        """Every schema in each form that it has and that differs, by name."""
        for name in sorted(self.schemas):
            if name in self._answered:
                yield self.schemas[name], Form.ANSWERED
            if name in self._sent and (name not in self._answered or name in self._varying):
                yield self.schemas[name], Form.SENT

    def has_two(self, name: str) -> bool:
        """Whether the schema has a form of its own for each side."""
        return name in self._sent and name in self._answered and name in self._varying


def _answered(system: System) -> Iterator[str]:
    for service in system.services:
        for domain in service.domains:
            for operation in domain.rest_operations:
                yield from references(operation.output) if operation.output else ()


def _reversed(needs: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    users: defaultdict[str, set[str]] = defaultdict(set)
    for name, needed in needs.items():
        for each in needed:
            users[each].add(name)
    return users
