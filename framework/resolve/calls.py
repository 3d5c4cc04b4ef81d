"""What services say of each other: the operations they call and the events they publish by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from framework.naming import NameKind
from framework.resolve.entries import ServiceEntry
from framework.resolve.messages import Catalogue
from framework.resolve.scope import Scope
from framework.resolve.services import is_known
from framework.source import Spot
from framework.system import Client, Domain, Event, Operation, ServiceType

Domains = dict[str, tuple[Domain, ...]]

_MOST_NAMES = 6
"""More are not listed where one of them is meant."""


def resolve_clients(
    entry: ServiceEntry, entries: dict[str, ServiceEntry], domains: Domains, scope: Scope
) -> tuple[Client, ...]:
    """The clients of a service, by the services that it calls."""
    called: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
    for index, call in enumerate(entry.spec.calls):
        spot = entry.spot / "calls" / index
        target, _, name = call.partition(".")
        if not name and entry.type is not ServiceType.NODE:
            message = "a call names a service and its operation"
            scope.diagnostics.add(
                "unknown-operation", spot.place, message, hint="write <service>.<operation>"
            )
        elif not _may_be_called(target, entry, entries, spot, scope):
            continue
        elif not name:
            called[target].update()  # what it calls there is written by hand, and described by no spec
        elif operation := _called(entries[target], name, domains, spot, scope):
            called[target][name] = operation
    clients = tuple(
        Client(target, tuple(operations[name] for name in sorted(operations)))
        for target, operations in sorted(called.items())
    )
    for client in clients:
        _check_classes(client, entry.spot / "calls", scope)
    return clients


def _check_classes(client: Client, spot: Spot, scope: Scope) -> None:
    for name in (client.class_name, client.settings_class):
        scope.refuse_class(name, f"that calls {client.target!r}", spot, is_key=True)


def _may_be_called(
    target: str, entry: ServiceEntry, entries: dict[str, ServiceEntry], spot: Spot, scope: Scope
) -> bool:
    if target == entry.name:
        scope.diagnostics.add("bad-call", spot.place, "a service does not call itself over HTTP")
    elif target not in entries and not is_known(target, entries, scope):
        hint = scope.diagnostics.did_you_mean(target, entries) or _listed(entries)
        scope.diagnostics.add("unknown-service", spot.place, f"no service {target!r}", hint=hint)
    return target != entry.name and target in entries


def _called(
    target_entry: ServiceEntry, name: str, domains: Domains, spot: Spot, scope: Scope
) -> Operation | None:
    target = target_entry.name
    operations = {each.name: each for domain in domains.get(target, ()) for each in domain.operations}
    if name not in operations:
        if not (scope.specs.may_have("operations", name) or scope.is_misnamed(NameKind.OPERATION, name)):
            hint = _meant(name, operations, target_entry, scope)
            message = f"{target!r} has no operation {name!r}"
            scope.diagnostics.add("unknown-operation", spot.place, message, hint=hint)
        return None
    if operations[name].rest is None:
        if not _may_have_rest(target, name, scope):
            caller = "an event" if operations[name].subscription else "the clock"
            message = f"{target}.{name} has no REST: it is called by {caller}"
            scope.diagnostics.add("bad-call", spot.place, message)
        return None
    return operations[name]


def _meant(name: str, operations: Collection[str], target: ServiceEntry, scope: Scope) -> str:
    """What to write instead of an operation that the service does not have."""
    if target.type.is_application and not operations:
        return (
            f"services/{target.name}/spec has none: describe it there, in a file for each domain; "
            "`make sync-services` gives a new service its first one, `say_hello`"
        )
    last = name.rpartition(".")[2]
    if last in operations:
        return f"write {target.name}.{last}"
    return scope.diagnostics.did_you_mean(name, operations) or _listed(operations)


def _listed(names: Collection[str]) -> str:
    """Which there are, if they can be told in a line."""
    return f"there are: {', '.join(sorted(names))}" if 0 < len(names) <= _MOST_NAMES else ""


def _may_have_rest(service: str, operation: str, scope: Scope) -> bool:
    """Whether the REST of an operation is there and could not be read."""
    files = (loaded for loaded in scope.specs.domains if loaded.service == service)
    return any((loaded.spot / "operations" / operation).may_have("rest") for loaded in files)


def resolve_publications(entry: ServiceEntry, catalogue: Catalogue, scope: Scope) -> tuple[Event, ...]:
    """The events that a service publishes by hand, outside any operation."""
    found = (
        catalogue.event(name, entry.spot / "publishes" / index, scope)
        for index, name in enumerate(entry.spec.publishes)
    )
    return tuple(sorted({event for event in found if event}, key=lambda event: event.name))


def check_published(entries: dict[str, ServiceEntry], catalogue: Catalogue, scope: Scope) -> None:
    """Warn of events that an operation waits for and nothing in the project publishes."""
    published = {name for entry in entries.values() for name in entry.spec.publishes}
    published |= set(_external(catalogue, scope))
    published |= set(_published_by_operations(catalogue, scope))
    # What is misspelt was told already.
    unknown = published - catalogue.events.keys()
    published |= {meant for name in unknown if (meant := scope.diagnostics.nearest(name, catalogue.events))}
    if _may_publish_more(scope):
        return
    for loaded in scope.specs.domains:
        for name, spec in loaded.spec.operations.items():
            event = spec.events.subscribe if spec.events else None
            if event in catalogue.events and event not in published:
                spot = loaded.spot / "operations" / name / "events" / "subscribe"
                message = f"nothing in this project publishes {event}"
                hint = f"write publishes: [{event}] where it is done, or external: true where it is defined"
                scope.diagnostics.add("unpublished-event", spot.place, message, hint=hint)


def check_external(entries: dict[str, ServiceEntry], catalogue: Catalogue, scope: Scope) -> None:
    """Tell of events that are said to come from outside the project, and are published in it."""
    holders = {
        name: loaded.spot
        for loaded in scope.specs.events
        for name in loaded.spec.events
        if catalogue.events[name].external
    }
    for name, spot in _publications(holders, entries, scope):
        message = f"{name} is said to come from outside this project, and here it is published"
        hint = "remove external: true where the event is defined"
        related = (holders[name] / "events" / name / "external").key
        scope.diagnostics.add(
            "external-event", spot.place, message, hint=hint, related=related, note="external"
        )


def _publications(
    events: Collection[str], entries: dict[str, ServiceEntry], scope: Scope
) -> Iterator[tuple[str, Spot]]:
    """Every place that names one of some events as published, and the name."""
    for entry in entries.values():
        for index, name in enumerate(entry.spec.publishes):
            if name in events:
                yield name, entry.spot / "publishes" / index
    for loaded in scope.specs.domains:
        for operation, spec in loaded.spec.operations.items():
            for index, name in enumerate(spec.publishes):
                if name in events:
                    yield name, loaded.spot / "operations" / operation / "publishes" / index
            for key in ("publish_on_success", "publish_on_error") if spec.events else ():
                if (name := getattr(spec.events, key)) in events:
                    yield name, loaded.spot / "operations" / operation / "events" / key


def _may_publish_more(scope: Scope) -> bool:
    """Whether something that publishes may be among what could not be read."""
    files = (scope.specs.services, *scope.specs.domains)
    lost = {part for loaded in files if loaded for loc in loaded.source.gaps.lost for part in loc[2:]}
    has_lost_entries = any(gap.section in {"services", "operations"} for gap in scope.specs.gaps)
    return has_lost_entries or not _PUBLISHING.isdisjoint(lost)


_PUBLISHING = frozenset({"events", "publishes", "publish_on_success", "publish_on_error"})


def _external(catalogue: Catalogue, scope: Scope) -> Iterator[str]:
    yield from (name for name, event in catalogue.events.items() if event.external)
    for loaded in scope.specs.events:
        if loaded.source.gaps.lost:
            spots = ((name, loaded.spot / "events" / name) for name in loaded.spec.events)
            yield from (name for name, spot in spots if spot.may_have("external"))


def _published_by_operations(catalogue: Catalogue, scope: Scope) -> Iterator[str]:
    for loaded in scope.specs.domains:
        for name, spec in loaded.spec.operations.items():
            for index, event in enumerate(spec.publishes):
                catalogue.event(event, loaded.spot / "operations" / name / "publishes" / index, scope)
                yield event
            if spec.events:
                yield from filter(None, (spec.events.publish_on_success, spec.events.publish_on_error))
