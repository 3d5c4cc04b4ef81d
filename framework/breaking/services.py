"""What breaks with the services themselves."""

from __future__ import annotations

from collections.abc import Iterator

from framework.breaking.change import Change, operations_of
from framework.breaking.finding import Finding, Section, Subject, listed
from framework.system import Service


def removed_services(change: Change) -> Iterator[Finding]:
    """Services that are gone, and with them their operations and what they have not handled."""
    for service in change.removed_services:
        message = f"the service {service.name} is gone"
        names = {each.name for each in change.new.services} - {each.name for each in change.old.services}
        if names:
            message += f" (another name is another service: {listed(names)} is new)"
        if events := _subscribed(service):
            message += f"; what it has not handled of {listed(events)} is lost"
        whom = f"whoever calls {service.name} or waits for it"
        yield Finding("service-removed", service.name, message, whom, _subject(service), _subject(service))


def changed_types(change: Change) -> Iterator[Finding]:
    """Services built on something else."""
    for old, new in change.services:
        if old.type is not new.type:
            message = f"{old.name} was a {old.type} service and is a {new.type} one"
            subject = _subject(new) / "type"
            whom = f"whoever deploys or probes {old.name}"
            yield Finding("service-type-changed", old.name, message, whom, subject, subject)


def dropped_databases(change: Change) -> Iterator[Finding]:
    """Services that have no database any more."""
    for old, new in change.services:
        if old.database and not new.database:
            message = f"{old.name} no longer has a database: events that wait in its outbox are not sent"
            subject = _subject(new) / "database"
            yield Finding("database-dropped", old.name, message, f"the data of {old.name}", subject, subject)


def _subject(service: Service) -> Subject:
    return Subject(Section.SERVICE, service.name)


def _subscribed(service: Service) -> set[str]:
    return {
        sited.operation.subscription.name for sited in operations_of(service) if sited.operation.subscription
    }
