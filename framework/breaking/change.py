"""Two systems side by side: what in the new one stands for what in the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from framework.breaking.finding import Section, Subject
from framework.system import FAILURE, Enum, Event, Operation, Schema, Service, System

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Sited:
    """An operation and the service that has it."""

    service: Service
    operation: Operation

    @property
    def name(self) -> str:
        """The name of the operation among those of all services."""
        return f"{self.service.name}.{self.operation.name}"

    @property
    def subject(self) -> Subject:
        """The operation as a part of the specs."""
        return Subject(Section.OPERATION, self.name)

    @property
    def route(self) -> tuple[str, str] | None:
        """Method and path, the names of placeholders left out: they are not sent."""
        rest = self.operation.rest
        return (rest.method, _PLACEHOLDER.sub("{}", rest.path)) if rest else None


@dataclass(frozen=True, slots=True)
class Pair:
    """An operation before and after; its name may have changed."""

    old: Sited
    new: Sited


@dataclass(frozen=True)
class Change:
    """The old system and the new one."""

    old: System
    new: System

    @cached_property
    def services(self) -> tuple[tuple[Service, Service], ...]:
        """The services that both have."""
        names = {service.name: service for service in self.new.services}
        return tuple((old, names[old.name]) for old in self.old.services if old.name in names)

    @cached_property
    def removed_services(self) -> tuple[Service, ...]:
        """The services that are gone."""
        kept = {old.name for old, _ in self.services}
        return tuple(service for service in self.old.services if service.name not in kept)

    @cached_property
    def operations(self) -> tuple[Pair, ...]:
        """The operations that both have, those that got another name among them.

        An operation is known by its name in its service; where the name is gone, by its route or by the event
        that calls it.
        """
        return tuple(pair for old, new in self.services for pair in _paired(old, new))

    @cached_property
    def removed_operations(self) -> tuple[Sited, ...]:
        """The operations that are gone from services that are not."""
        kept = {pair.old.name for pair in self.operations}
        return tuple(
            sited for old, _ in self.services for sited in operations_of(old) if sited.name not in kept
        )

    @cached_property
    def events(self) -> tuple[tuple[Event, Event], ...]:
        """The events that both catalogues have."""
        names = {event.name: event for event in self.new.events}
        return tuple((old, names[old.name]) for old in self.old.events if old.name in names)

    @cached_property
    def old_schemas(self) -> dict[str, Schema]:
        """The schemas of before by name, that of failures among them."""
        return {schema.name: schema for schema in (FAILURE, *self.old.schemas)}

    @cached_property
    def new_schemas(self) -> dict[str, Schema]:
        """The schemas of now by name, that of failures among them."""
        return {schema.name: schema for schema in (FAILURE, *self.new.schemas)}

    @cached_property
    def old_enums(self) -> dict[str, Enum]:
        """The enums of before by name."""
        return {enum.name: enum for enum in self.old.enums}

    @cached_property
    def new_enums(self) -> dict[str, Enum]:
        """The enums of now by name."""
        return {enum.name: enum for enum in self.new.enums}


def operations_of(service: Service) -> Iterator[Sited]:
    """All operations of a service."""
    for domain in service.domains:
        for operation in domain.operations:
            yield Sited(service, operation)


def _paired(old: Service, new: Service) -> Iterator[Pair]:
    before, after = list(operations_of(old)), list(operations_of(new))
    for key in (_name, _route, _subscription):
        candidates = {found: sited for sited in after if (found := key(sited)) is not None}
        for sited in list(before):
            found = key(sited)
            if found is not None and (partner := candidates.pop(found, None)):
                yield Pair(sited, partner)
                before.remove(sited)
                after.remove(partner)


def _name(sited: Sited) -> object:
    return sited.operation.name


def _route(sited: Sited) -> object:
    return sited.route


def _subscription(sited: Sited) -> object:
    event = sited.operation.subscription
    return event.name if event else None
