"""`controllers/<domain>.py` of a service: stubs to write the business logic into, made once."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File
from framework.generators.imports import Imports
from framework.generators.methods import controller, folder
from framework.generators.protocols import methods
from framework.generators.templating import render
from framework.system import Domain, Service, System


def generate(system: System) -> Iterator[File]:
    """One module for each domain."""
    for service in system.services:
        for domain in service.domains:
            path = f"{folder(service)}/controllers/{domain.name}.py"
            yield File(path, _module(service, domain), once=True)


def _module(service: Service, domain: Domain) -> str:
    imports = Imports()
    return render(
        "scaffold/controller.py.j2",
        methods=methods(service, domain, imports),
        imports=imports,
        domain=domain,
        controller=controller(domain),
    )
