"""The entries of services.yml, each by itself and beside the others."""

from __future__ import annotations

from itertools import count, pairwise
from typing import TYPE_CHECKING

from framework.diagnostics import Place
from framework.naming import NameKind
from framework.resolve.entries import ServiceEntry
from framework.resolve.graphs import cycles
from framework.resolve.scope import Scope
from framework.resolve.service_types import check_type
from framework.system import SERVERS, ServiceType

if TYPE_CHECKING:
    from framework.spec.services import ServiceSpec

_FIRST_PORT = 8_000


def resolve_services(scope: Scope) -> dict[str, ServiceEntry]:
    """The services by name, in the order of the file."""
    loaded = scope.specs.services
    if loaded is None:
        return {}
    entries: dict[str, ServiceEntry] = {}
    ports = _ports(loaded.spec.services)
    for index, (spec, port) in enumerate(zip(loaded.spec.services, ports, strict=True)):
        spot = loaded.spot / "services" / index
        if not scope.named(NameKind.SERVICE, spec.name, spot / "name", is_key=False):
            continue
        if spec.name in SERVERS:
            message = f"{spec.name!r} is the server of that name, which depends_on speaks of"
            scope.diagnostics.add("reserved-name", (spot / "name").place, message)
            continue
        if spec.name in entries:
            related = (entries[spec.name].spot / "name").place
            message = f"there are two services {spec.name!r}"
            scope.diagnostics.add("duplicate-name", (spot / "name").place, message, related=related)
            continue
        entries[spec.name] = ServiceEntry(spec.name, ServiceType(spec.type), spec, spot, port)
    _check_ports(entries, scope)
    _check_dependencies(entries, scope)
    _check_waiting(entries, scope)
    _check_profiles(entries, scope)
    _check_folders(entries, scope)
    for entry in entries.values():
        check_type(entry, scope)
    return entries


def _ports(services: tuple[ServiceSpec, ...]) -> list[int]:
    """The port of each service: its own, or the next one from 8000 up that nobody asks for."""
    taken = {spec.port for spec in services}
    free = (port for port in count(_FIRST_PORT) if port not in taken)
    return [spec.port or next(free) for spec in services]


def _check_ports(entries: dict[str, ServiceEntry], scope: Scope) -> None:
    owners: dict[int, ServiceEntry] = {}
    for entry in entries.values():
        if entry.port in owners:
            message = f"{entry.name} and {owners[entry.port].name} both want port {entry.port}"
            related = (owners[entry.port].spot / "port").place
            scope.diagnostics.add("duplicate-port", (entry.spot / "port").place, message, related=related)
        owners.setdefault(entry.port, entry)


def _check_dependencies(entries: dict[str, ServiceEntry], scope: Scope) -> None:
    for entry in entries.values():
        for name in entry.spec.depends_on:
            spot = entry.spot / "depends_on" / name
            if name == entry.name:
                scope.diagnostics.add("bad-call", spot.key, "no service waits for itself")
            elif not is_known(name, entries, scope) and name not in SERVERS:
                hint = scope.diagnostics.did_you_mean(name, entries, SERVERS)
                hint = hint or f"besides the services there are {' and '.join(sorted(SERVERS))}"
                scope.diagnostics.add("unknown-service", spot.key, f"no service {name!r}", hint=hint)


def _check_waiting(entries: dict[str, ServiceEntry], scope: Scope) -> None:
    """Tell of services that wait for each other, so that none of them starts."""
    needs = {name: set(entry.spec.depends_on) - {name} for name, entry in entries.items()}
    for first, second, *others in cycles(needs):
        chain = ", ".join(
            f"{name} waits for {awaited}" for name, awaited in pairwise((first, second, *others, first))
        )
        spot = entries[first].spot / "depends_on" / second
        scope.diagnostics.add("bad-call", spot.key, f"none of these ever starts: {chain}")


def _check_profiles(entries: dict[str, ServiceEntry], scope: Scope) -> None:
    """Tell of services that would start without what they wait for, because that has a profile."""
    for entry in entries.values():
        for name in entry.spec.depends_on:
            awaited = set(entries[name].spec.profiles) if name in entries else set()
            if awaited and not (entry.spec.profiles and awaited.issuperset(entry.spec.profiles)):
                message = f"{entry.name} may start without {name}, which has profiles"
                hint = f"give {entry.name} the profiles of {name}, or {name} none"
                related = (entries[name].spot / "profiles").place
                spot = entry.spot / "depends_on" / name
                scope.diagnostics.add("bad-call", spot.key, message, hint=hint, related=related)


def _check_folders(entries: dict[str, ServiceEntry], scope: Scope) -> None:
    # One word for a folder, however many specs it has.
    firsts = {loaded.service: loaded for loaded in reversed(scope.specs.domains)}
    for loaded in reversed(firsts.values()):
        if not is_known(loaded.service, entries, scope):
            message = f"services.yml has no service {loaded.service!r}"
            hint = _renamed(loaded.service, entries, scope) or "add it there, or remove its specs"
            scope.diagnostics.add("stray-spec", Place(loaded.source.path), message, hint=hint)


def _renamed(folder: str, entries: dict[str, ServiceEntry], scope: Scope) -> str:
    """What to do about a folder that is not listed, if an entry is probably meant for it."""
    begun = {loaded.service for loaded in scope.specs.domains}
    without = [name for name, entry in entries.items() if entry.type.is_application and name not in begun]
    new = scope.diagnostics.nearest(folder, without) or (without[0] if len(without) == 1 else "")
    if new:
        return f"if it was renamed: git mv services/{folder} services/{new}"
    return scope.diagnostics.did_you_mean(folder, entries)


def is_known(name: str, entries: dict[str, ServiceEntry], scope: Scope) -> bool:
    """Whether services.yml has a service of this name, were it one with a mistake, or may have it."""
    listed = scope.specs.services.spec.services if scope.specs.services else ()
    return (
        name in entries
        or scope.specs.may_have("services", name)
        or scope.is_misnamed(NameKind.SERVICE, name)
        or any(name == service.name for service in listed)
    )
