"""`.github/workflows/services.yml`: what CI does for each service; the user's own `ci.yml` calls it."""

from __future__ import annotations

from collections.abc import Iterator

from framework import deployment
from framework.files import File, banner
from framework.generators.templating import render
from framework.system import ServiceType, System

PATH = ".github/workflows/services.yml"


def generate(system: System) -> Iterator[File]:
    """One workflow for all services; none if there are no services, since a matrix must not be empty."""
    if not system.services:
        return
    text = render(
        "github/services.yml.j2",
        banner=banner("services.yml"),
        deployment=deployment,
        has_node=any(service.type is ServiceType.NODE for service in system.services),
        services=[service.name for service in system.services],
        images=[service.name for service in system.services if deployment.has_dockerfile(service)],
    )
    yield File(PATH, text)
