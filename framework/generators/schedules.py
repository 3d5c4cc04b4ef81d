"""`schedules.py` of a service: which operation the clock calls when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.handlers import declaration, default_arguments
from framework.generators.imports import Imports
from framework.generators.methods import PAYLOAD, describe, folder, operations_class, package, specs
from framework.generators.python_values import PythonValues, timedelta_expression
from framework.generators.templating import render
from framework.generators.text import literal
from framework.system import Domain, ScheduleBinding, Service, System


class _Job(NamedTuple):
    """One function; `schedule` are the arguments of its decorator, `passed` those of the operation."""

    name: str
    schedule: list[str]
    passed: list[str]
    docstring: str


def generate(system: System) -> Iterator[File]:
    """One module for each service with a clock, one function for each domain with scheduled operations."""
    for service in system.services:
        if service.scheduled_domains:
            yield File(f"{folder(service)}/generated/schedules.py", _module(system, service))


def _module(system: System, service: Service) -> str:
    imports = Imports("from framework.runtime.broker import EventBroker")
    values = PythonValues(imports, system.members)
    domains = [
        (domain, operations_class(domain), list(_jobs(service, domain, values, imports)))
        for domain in service.scheduled_domains
    ]
    for _, operations, _ in domains:
        imports.add(f"from {package(service)}.generated.operations import {operations}")
    return render(
        "codegen/schedules.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        domains=domains,
    )


def _jobs(service: Service, domain: Domain, values: PythonValues, imports: Imports) -> Iterator[_Job]:
    annotations = Annotations(imports)
    for operation in domain.scheduled_operations:
        if operation.schedule:
            payload = [f"{PAYLOAD}={annotations(operation.input)}()"] if operation.input else []
            yield _Job(
                operation.name,
                [_schedule(operation.schedule, imports), *declaration(service, operation)],
                [*payload, *default_arguments(operation, values)],
                describe(operation),
            )


def _schedule(schedule: ScheduleBinding, imports: Imports) -> str:
    """The expression for the times of a schedule."""
    if isinstance(schedule.times, timedelta):
        imports.add("import datetime as dt", "from framework.runtime.schedules.schedule import Every")
        return f"Every({timedelta_expression(schedule.times)})"
    imports.add("from framework.runtime.schedules.schedule import Cron")
    zone = "" if schedule.timezone == "UTC" else f", {literal(schedule.timezone)}"
    return f"Cron({literal(schedule.times)}{zone})"
