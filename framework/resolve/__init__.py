"""From specs to the system: names resolved, and everything checked that takes more than one line to see."""

from __future__ import annotations

from framework.diagnostics import Diagnostics
from framework.load import Specs
from framework.resolve.calls import (
    check_external,
    check_published,
    resolve_clients,
    resolve_publications,
)
from framework.resolve.cycles import check_cycles
from framework.resolve.domains import resolve_domains
from framework.resolve.errors import declare_errors
from framework.resolve.events import resolve_events
from framework.resolve.messages import Catalogue
from framework.resolve.models import (
    check_contradictions,
    declare_models,
    needed_schemas,
    resolve_models,
)
from framework.resolve.scope import OPERATION_FAILED, Scope
from framework.resolve.services import resolve_services
from framework.system import FAILURE, Service, ServiceType, System


def resolve(specs: Specs, diagnostics: Diagnostics) -> System:
    """Work out the system. It is whole only if `diagnostics` has no errors afterwards."""
    scope = Scope(specs, diagnostics)
    entries = resolve_services(scope)
    models = declare_models(scope)
    schemas = resolve_models(models, scope)
    check_contradictions(models, scope)
    check_cycles(models, schemas, scope)
    declare_errors(scope)
    catalogue_schemas = {OPERATION_FAILED: FAILURE, **schemas}
    catalogue = Catalogue(resolve_events(catalogue_schemas, scope), catalogue_schemas)
    domains = resolve_domains(entries, catalogue, scope)
    check_published(entries, catalogue, scope)
    check_external(entries, catalogue, scope)
    services = (
        Service(
            name=entry.name,
            type=entry.type,
            description=entry.spec.description,
            database=entry.spec.database,
            port=entry.port,
            is_public=entry.spec.public,
            replicas=entry.spec.replicas,
            resources=entry.resources,
            profiles=tuple(sorted(entry.spec.profiles)),
            secrets=tuple(sorted(entry.spec.secrets)),
            depends_on=entry.dependencies,
            domains=domains.get(entry.name, ()),
            clients=resolve_clients(entry, entries, domains, scope),
            publishes=resolve_publications(entry, catalogue, scope),
            custom=frozenset(entry.spec.custom),
            internet=entry.spec.internet or entry.type is ServiceType.TELEGRAM,
        )
        for entry in entries.values()
    )
    return System(
        services=tuple(sorted(services, key=lambda service: service.name)),
        schemas=needed_schemas(models, schemas, scope),
        enums=tuple(scope.enums[name] for name in sorted(scope.enums)),
        events=tuple(catalogue.events[name] for name in sorted(catalogue.events)),
        errors=tuple(scope.errors[name].error for name in sorted(scope.errors)),
        stream_prefix=specs.services.spec.events.stream_prefix if specs.services else "",
    )
