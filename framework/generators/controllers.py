"""`controllers/<domain>.py` of a service: stubs to write the business logic into, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from framework.files import File
from framework.generators.imports import Imports
from framework.generators.methods import controller, folder
from framework.generators.protocols import methods
from framework.generators.templating import render
from framework.system import Domain, Operation, Service, System


def generate(system: System) -> Iterator[File]:
    """One module for each domain."""
    for service in system.services:
        for domain in service.domains:
            yield File(path(service, domain), module(service, domain), once=True)


def path(service: Service, domain: Domain) -> str:
    """Where the controller of a domain is."""
    return f"{folder(service)}/controllers/{domain.name}.py"


def module(service: Service, domain: Domain) -> str:
    """The module of a domain's controller with nothing but stubs, unformatted."""
    imports = Imports()
    return render(
        "scaffold/controller.py.j2",
        methods=methods(service, domain, imports),
        imports=imports,
        domain=domain,
        controller=controller(domain),
    )


def stub(service: Service, domain: Domain, operation: Operation) -> tuple[str, str]:
    """One method of a domain's controller as its module would begin with it, and the imports it needs."""
    imports = Imports()
    stubs = methods(service, replace(domain, operations=(operation,)), imports)
    return render("scaffold/methods.py.j2", methods=stubs).lstrip("\n"), str(imports)
