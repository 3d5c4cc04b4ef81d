"""One run: start the services, examine them one by one, tell what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from framework.dev.environment import port_of
from framework.dev.errors import DevelopmentError
from framework.dev.project import Project
from framework.diagnostics import did_you_mean
from framework.fuzzing.examination import SETTINGS, Depth, Examination, check_installed, examine
from framework.fuzzing.findings import Finding
from framework.fuzzing.log import error_of
from framework.fuzzing.report import lines_of, summary_of
from framework.fuzzing.stage import Running, folder_of, running
from framework.system import Service

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """Which services, how hard, on what."""

    service: str | None = None
    """One of them; all if None."""
    depth: Depth = field(default_factory=Depth)
    database: str = "postgres"


def run(project: Project, options: Options, tell: Tell) -> bool:
    """Examine the services of a project; whether no fault was found.

    Raises `DevelopmentError` when there is nothing to examine, and `ServerError` when something cannot be
    started.
    """
    check_installed()
    services = [service for service in project.services if service.rest_domains]
    chosen = _chosen(services, project.services, options.service)
    with running(project, services, options.database) as started:
        examinations = [
            _examine(project, each, options.depth, tell) for each in started if each.service in chosen
        ]
    is_sound = not any(each.findings or each.troubles for each in examinations)
    for examination in examinations:
        tell(summary_of(examination))
    if not is_sound:
        tell(f"Repeat this run with seed={options.depth.seed}; the commands work while `make dev` runs.")
    return is_sound


def _chosen(services: Sequence[Service], everybody: Sequence[Service], name: str | None) -> Sequence[Service]:
    if not services:
        raise DevelopmentError("there is nothing to examine: no service has operations over REST")
    if name is None:
        return services
    found = [service for service in services if service.name == name]
    if not found and any(service.name == name for service in everybody):
        raise DevelopmentError(f"{name} has no operations over REST")
    if not found:
        hint = did_you_mean(name, (service.name for service in services))
        raise DevelopmentError(f"services.yml has no service {name!r}; {hint}".removesuffix("; "))
    return found


def _examine(project: Project, started: Running, depth: Depth, tell: Tell) -> Examination:
    settings = project.root / SETTINGS
    examination = examine(
        started.service.name,
        started.address,
        depth,
        folder_of(project),
        settings if settings.exists() else None,
    )

    def ended_with(finding: Finding) -> str | None:
        name = finding.exchange.answer_headers.get("x-request-id", "")
        return error_of(started.log, project.root, name)

    address = f"http://localhost:{port_of(started.service, project.environment)}"
    for line in lines_of(examination, address, ended_with):
        tell(line)
    return examination
