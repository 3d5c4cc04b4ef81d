"""`migrations/env.py` of a service with a database: what Alembic runs, for the service's tables."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.methods import package
from framework.generators.templating import render
from framework.system import System


def generate(system: System) -> Iterator[File]:
    """One script for each service with a database."""
    for service in system.services:
        if service.database:
            text = render(
                "codegen/migrations_env.py.j2",
                banner=banner("services.yml"),
                service=service,
                package=package(service),
            )
            yield File(f"services/{service.name}/migrations/env.py", text)
