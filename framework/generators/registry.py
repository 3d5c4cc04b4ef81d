"""`registry.py` of a service: its controllers joined to its transports, with everything exchangeable."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.imports import Imports, exported
from framework.generators.methods import controller, folder, operations_class, package, protocol, specs
from framework.generators.templating import render
from framework.system import Domain, Service, ServiceType, System


def generate(system: System) -> Iterator[File]:
    """One module for each service that has something to join."""
    for service in system.services:
        if service.domains or service.database:
            yield File(f"{folder(service)}/generated/registry.py", _module(service))


def _module(service: Service) -> str:
    imports = Imports()
    source = package(service)
    for domain in service.domains:
        imports.add(
            "from collections.abc import Callable",
            f"from {source}.controllers.{domain.name} import {controller(domain)}",
            f"from {source}.generated.operations import {operations_class(domain)}",
            f"from {source}.generated.protocols import {protocol(domain)}",
        )
    _import_transports(service, imports)
    if service.database:
        imports.add("from framework.runtime.database import Database")
    if _has_work(service):
        imports.add("from framework.runtime.unit_of_work import UnitOfWorkFactory")
    if service.database and service.domains:
        imports.add("from framework.runtime.database import SessionFactory")
    return render(
        "codegen/registry.py.j2",
        banner=banner(specs(service) if service.domains else "services.yml"),
        service=service,
        summary=_summary(service),
        has_work=_has_work(service),
        imports=imports,
        controllers=[(domain.name, protocol(domain), controller(domain)) for domain in service.domains],
        rest=[_joint(domain) for domain in service.rest_domains],
        events=[_joint(domain) for domain in service.domains if _registrations(domain)],
        registrations=[
            (function, operations_class(domain), domain.name)
            for domain in service.domains
            for function in _registrations(domain)
        ],
        callers="its events and its clock" if service.scheduled_domains else "its events",
        exported=_exported(service),
    )


def _has_work(service: Service) -> bool:
    """Whether a person's own code opens the transactions, since there are no operations to do it."""
    return service.database and service.type is ServiceType.PYTHON


def _summary(service: Service) -> str:
    if _has_work(service):
        return f"The database of the service `{service.name}`, and the transactions of its work."
    return f"The controllers of the service `{service.name}` joined to its transports."


def _joint(domain: Domain) -> tuple[str, str, str, str]:
    return domain.name, protocol(domain), controller(domain), operations_class(domain)


def _registrations(domain: Domain) -> list[str]:
    """The functions that have events and the clock call the operations of a domain."""
    functions = [f"register_{domain.name}_handlers"] if domain.subscriptions else []
    return [*functions, f"register_{domain.name}_schedules"] if domain.scheduled_operations else functions


def _import_transports(service: Service, imports: Imports) -> None:
    generated = f"{package(service)}.generated"
    for domain in service.rest_domains:
        name = domain.name
        imports.add(
            "from framework.runtime.endpoints import OperationRouter",
            f"from {generated}.endpoints.{name} import create_endpoints as create_{name}_endpoints",
            f"from {generated}.routers.{name} import create_router as create_{name}_router",
        )
    if service.handles_events:
        imports.add("from framework.runtime.broker import EventBroker")
    for domain in service.event_domains:
        imports.add(f"from {generated}.event_adapter import register_{domain.name}_handlers")
    for domain in service.scheduled_domains:
        imports.add(f"from {generated}.schedules import register_{domain.name}_schedules")


def _exported(service: Service) -> list[str]:
    names = [protocol(domain) for domain in service.domains]
    if service.rest_domains:
        names.append("create_api_router")
    if service.handles_events:
        names.append("register_event_handlers")
    if service.database:
        names.append("database")
    if _has_work(service):
        names.append("transactions")
    return exported(names)
