"""What a service without specs begins with: one operation that works, to put others in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File
from framework.generators import controllers
from framework.generators.controllers import Body
from framework.generators.methods import controller, package
from framework.generators.templating import render
from framework.naming import NameKind, check_name
from framework.system import Service, ServiceType


class _Beginning(NamedTuple):
    """The templates of a first spec and of its test, and what the operation in it does."""

    spec: str
    operation: str
    body: Body
    test: str


_BY_TYPE = {
    ServiceType.FASTAPI: _Beginning(
        "scaffold/first_request.yaml.j2",
        "say_hello",
        Body('return f"Hello, {name}!"'),
        "scaffold/first_request_test.py.j2",
    ),
    ServiceType.FASTSTREAM: _Beginning(
        "scaffold/first_tick.yaml.j2",
        "say_hello",
        Body('logging.getLogger(__name__).info("hello")', ("import logging",)),
        "scaffold/first_tick_test.py.j2",
    ),
}
"""The types of services that have operations."""


def first_spec(service: Service) -> File | None:
    """The spec of a service that has none; None if services of its type have no operations."""
    beginning = _BY_TYPE.get(service.type)
    if beginning is None:
        return None
    domain = service.name if check_name(NameKind.DOMAIN, service.name) is None else "first"
    text = render(beginning.spec, service=service, domain=domain, operation=beginning.operation)
    return File(f"services/{service.name}/spec/{domain}.yaml", text, once=True)


def first_code(service: Service) -> Iterator[File]:
    """The controller of the first spec and its test, unformatted. `service` has the domain of that spec."""
    beginning, (domain,) = _BY_TYPE[service.type], service.domains
    text = controllers.module(service, domain, {beginning.operation: beginning.body})
    yield File(controllers.path(service, domain), text, once=True)
    text = render(
        beginning.test,
        service=service,
        package=package(service),
        domain=domain,
        controller=controller(domain),
    )
    yield File(f"services/{service.name}/tests/test_{domain.name}.py", text, once=True)
