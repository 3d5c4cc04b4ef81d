"""How the relay of a service is run as a process of its own beside `make dev`."""

from __future__ import annotations

import sys
from pathlib import Path

from framework.dev.child import Command
from framework.dev.environment import service_environment
from framework.dev.project import open_project
from framework.dev.servers import running_postgres, running_redis


def relay_command(root: Path, name: str) -> Command:
    """The command. Raises `DevelopmentError` when there is no such service, or it has no database."""
    project = open_project(root)
    (service,) = project.with_database(name)
    found = {
        "REDIS_URL": running_redis(project.root) or "",
        "DATABASE_URL": running_postgres(project.root) or "",
    }
    settings = project.environment | {
        variable: project.environment.get(variable) or value for variable, value in found.items()
    }
    environment = service_environment(project.root, service, project.services, settings)
    arguments = [sys.executable, "-m", "framework.runtime.outbox.relay_process", name]
    return Command(arguments, project.root, environment)
