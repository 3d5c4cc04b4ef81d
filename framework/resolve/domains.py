"""Domains and the services that they make: what has to be seen with several operations in view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from framework.load import Loaded
from framework.naming import NameKind
from framework.resolve.entries import ServiceEntry
from framework.resolve.messages import Catalogue
from framework.resolve.operations import resolve_operation
from framework.resolve.pages import check_page_classes
from framework.resolve.paths import path_problem
from framework.resolve.routes import check_routes, reserved_by, route
from framework.resolve.scope import Scope
from framework.resolve.service_types import check_domain
from framework.resolve.site import Site
from framework.resolve.versions import check_version_classes
from framework.source import Spot
from framework.system import Domain, Operation

if TYPE_CHECKING:
    from framework.spec.operations import DomainFile

Sited = tuple[Operation, Site]


def resolve_domains(
    entries: dict[str, ServiceEntry], catalogue: Catalogue, scope: Scope
) -> dict[str, tuple[Domain, ...]]:
    """The domains of each service, in the order of their names."""
    domains: defaultdict[str, list[Domain]] = defaultdict(list)
    operations: defaultdict[str, list[Sited]] = defaultdict(list)
    for loaded in scope.specs.domains:
        _check_domain(loaded, scope)
        check_domain(loaded, entries.get(loaded.service), scope)
        found = list(_operations(loaded, entries.get(loaded.service), catalogue, scope))
        operations[loaded.service] += found
        resolved = tuple(operation for operation, _ in found)
        domains[loaded.service].append(Domain(loaded.spec.domain, loaded.source.path, resolved))
    for sited in operations.values():
        _check_names(sited, scope)
        _check_subscriptions(sited, scope)
        routes = (route(operation, site) for operation, site in sited)
        check_routes((each for each in routes if each), scope)
    sites = [site for sited in operations.values() for _, site in sited]
    check_page_classes(sites, scope)
    check_version_classes(sites, scope)
    for service, found_domains in domains.items():
        _check_classes(service, found_domains, scope)
    return {service: tuple(sorted(found, key=lambda each: each.name)) for service, found in domains.items()}


def _operations(
    loaded: Loaded[DomainFile], entry: ServiceEntry | None, catalogue: Catalogue, scope: Scope
) -> Iterator[Sited]:
    for name, spec in loaded.spec.operations.items():
        site = Site(name, spec, loaded, entry)
        yield resolve_operation(site, catalogue, scope), site


def _check_domain(loaded: Loaded[DomainFile], scope: Scope) -> None:
    spot = loaded.spot / "domain"
    name = PurePosixPath(loaded.source.path).stem
    if scope.named(NameKind.DOMAIN, loaded.spec.domain, spot, is_key=False) and loaded.spec.domain != name:
        message = f"the file of the domain {loaded.spec.domain!r} is named {loaded.spec.domain}.yaml"
        scope.diagnostics.add("file-name", spot.place, message, hint=f"rename the file, or write {name!r}")
    if problem := path_problem(loaded.spec.config.rest.prefix):
        place = (loaded.spot / "config" / "rest" / "prefix").place
        scope.diagnostics.add("bad-path", place, problem)
    elif own := reserved_by(loaded.spec.config.rest.prefix):
        place = (loaded.spot / "config" / "rest" / "prefix").place
        scope.diagnostics.add("bad-path", place, f"the service itself answers {own}")


def _check_names(sited: Iterable[Sited], scope: Scope) -> None:
    """An operation's name is its id in OpenAPI and the name of the client's method: one per service."""
    seen: dict[str, Spot] = {}
    for operation, site in sited:
        if operation.name in seen:
            message = f"{site.service!r} has an operation {operation.name!r} already"
            related = seen[operation.name].key
            scope.diagnostics.add("duplicate-name", site.spot.key, message, related=related)
        seen.setdefault(operation.name, site.spot)


def _check_subscriptions(sited: Iterable[Sited], scope: Scope) -> None:
    seen: dict[str, Spot] = {}
    for _, site in sited:
        name = site.subscribes
        if name is None:
            continue
        spot = site.spot / "events" / "subscribe"
        if name in seen:
            message = f"{site.service!r} subscribes to {name} already, and gets each event once"
            hint = "do both in one operation, or publish an event between them"
            scope.diagnostics.add(
                "duplicate-subscription", spot.place, message, hint=hint, related=seen[name].place
            )
        seen.setdefault(name, spot)


def _check_classes(service: str, domains: Iterable[Domain], scope: Scope) -> None:
    """`a_1` and `a1` would both be `A1Controller`, and no model may be called so either."""
    seen: dict[str, Domain] = {}
    files = {loaded.source.path: loaded for loaded in scope.specs.domains}
    for domain in domains:
        spot = files[domain.source].spot / "domain"
        if domain.class_prefix in seen:
            first = seen[domain.class_prefix]
            message = f"the domains {first.name!r} and {domain.name!r} give the same classes"
            related = (files[first.source].spot / "domain").place
            scope.diagnostics.add("duplicate-name", spot.place, message, related=related)
        seen.setdefault(domain.class_prefix, domain)
        for suffix in ("Controller", "ControllerProtocol", "Operations"):
            scope.refuse_class(domain.class_prefix + suffix, f"of {service!r}", spot)
