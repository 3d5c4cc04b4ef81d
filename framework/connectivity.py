"""Who talks to whom, and over what: every line between the parts of a system, and no other is allowed.

Network policies and the networks of compose files let these through, the service map draws them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from framework.system import Event, Operation, Service, ServiceType, System

BROKERED = frozenset(kind for kind in ServiceType if kind.is_python)
"""The types of services whose runtime speaks to the broker, whether or not their specs have events."""


class Call(NamedTuple):
    """A service that calls another over HTTP, and the operations that it calls.

    There are none if it calls routes that no spec describes.
    """

    caller: str
    callee: str
    operations: tuple[Operation, ...]


class Flow(NamedTuple):
    """An event on its way through the broker.

    `handlers` are the services that it reaches, each with the operation that it calls there. An event without
    publishers comes from outside the project, one without handlers is for others to read.
    """

    event: Event
    publishers: tuple[str, ...]
    handlers: Mapping[str, Operation]


class Clock(NamedTuple):
    """A service and the operations of it that the clock calls."""

    service: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Connectivity:
    """The lines between the services of a system, its broker and its databases; all of it sorted by name."""

    services: tuple[Service, ...]
    calls: tuple[Call, ...]
    flows: tuple[Flow, ...]
    clocks: tuple[Clock, ...]

    @cached_property
    def on_broker(self) -> tuple[str, ...]:
        """The services that speak to the broker."""
        flowing = {name for flow in self.flows for name in (*flow.publishers, *flow.handlers)}
        return tuple(each.name for each in self.services if each.type in BROKERED or each.name in flowing)

    @cached_property
    def with_database(self) -> tuple[str, ...]:
        """The services that own a database; no other service speaks to it."""
        return tuple(each.name for each in self.services if each.database)

    @cached_property
    def on_internet(self) -> tuple[str, ...]:
        """The services that speak to addresses outside the project."""
        return tuple(each.name for each in self.services if each.internet)

    def callers(self, service: str) -> tuple[str, ...]:
        """The services that call this one over HTTP."""
        return tuple(call.caller for call in self.calls if call.callee == service)

    def callees(self, service: str) -> tuple[str, ...]:
        """The services that this one calls over HTTP."""
        return tuple(call.callee for call in self.calls if call.caller == service)

    def servers(self, service: str) -> tuple[str, ...]:
        """What it depends on besides other services; the names are those of `framework.system.SERVERS`."""
        used = {"postgres": self.with_database, "redis": self.on_broker}
        return tuple(server for server, users in used.items() if service in users)


@lru_cache(maxsize=1)  # several generators ask for those of one system
def connectivity(system: System) -> Connectivity:
    """Work out the lines of a system."""
    return Connectivity(
        services=system.services,
        calls=tuple(
            Call(service.name, client.target, client.operations)
            for service in system.services
            for client in service.clients
        ),
        flows=_flows(system),
        clocks=tuple(_clock(service) for service in system.services if service.scheduled_domains),
    )


def _flows(system: System) -> tuple[Flow, ...]:
    publishers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    handlers: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
    for service in system.services:
        for event in _published(service):
            publishers[event.name][service.name] = None
        for domain in service.event_domains:
            for operation in domain.subscriptions:
                if operation.subscription:
                    handlers[operation.subscription.name][service.name] = operation
    return tuple(
        Flow(event, tuple(publishers[event.name]), handlers[event.name])
        for event in system.events
        if event.name in publishers or event.name in handlers
    )


def _published(service: Service) -> list[Event]:
    """What a service publishes: by hand, and in its operations."""
    found = list(service.publishes)
    for domain in service.domains:
        for operation in domain.operations:
            found += operation.publishes
            if operation.on_success:
                found.append(operation.on_success.event)
            if operation.on_error:
                found.append(operation.on_error)
    return found


def _clock(service: Service) -> Clock:
    domains = service.scheduled_domains
    return Clock(service.name, tuple(each for domain in domains for each in domain.scheduled_operations))
