"""From the system to files: one module and one template for each kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from framework.files import File
from framework.generators import (
    app,
    clients,
    compose,
    controllers,
    dockerfiles,
    editor_schemas,
    endpoints,
    errors,
    event_adapter,
    events,
    kubernetes,
    migrations_env,
    operations,
    pages,
    protocols,
    registry,
    routers,
    schedules,
    schemas,
    service_map,
    typescript,
    typescript_clients,
    workflows,
)
from framework.system import CUSTOM_FILES, System

Generator = Callable[[System], Iterator[File]]

GENERATORS: tuple[Generator, ...] = (
    schemas.generate,
    errors.generate,
    events.generate,
    typescript.generate,
    typescript_clients.generate,
    protocols.generate,
    pages.generate,
    operations.generate,
    routers.generate,
    endpoints.generate,
    event_adapter.generate,
    schedules.generate,
    registry.generate,
    app.generate,
    migrations_env.generate,
    clients.generate,
    controllers.generate,
    dockerfiles.generate,
    compose.generate,
    editor_schemas.generate,
    service_map.generate,
    kubernetes.generate,
    workflows.generate,
)


def generate(system: System) -> Iterator[File]:
    """Every file of the system, unformatted, without those that were taken over by hand."""
    kept = taken_over(system)
    for generator in GENERATORS:
        yield from (file for file in generator(system) if file.path not in kept)


def taken_over(system: System) -> frozenset[str]:
    """The paths of the generated files that a person took over with `custom:`."""
    return frozenset(
        f"services/{service.name}/{CUSTOM_FILES[name]}"
        for service in system.services
        for name in service.custom
    )
