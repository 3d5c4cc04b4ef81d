"""The project that a command of development is about: its services and its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framework.dev.environment import database_url, read_environment
from framework.dev.errors import DevelopmentError
from framework.diagnostics import did_you_mean
from framework.load import load
from framework.resolve import resolve
from framework.system import Service, System


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose specs are sound and whose code was generated."""

    root: Path
    system: System
    environment: dict[str, str]

    @property
    def services(self) -> tuple[Service, ...]:
        """The processes of the system."""
        return self.system.services

    def with_database(self, chosen: str | None) -> list[Service]:
        """The services that own a database, or the one of that name.

        Raises `DevelopmentError` when there is no such service, or it has none.
        """
        if chosen is None:
            return [service for service in self.services if service.database]
        for service in self.services:
            if service.name == chosen and service.database:
                return [service]
            if service.name == chosen:
                raise DevelopmentError(
                    f"{chosen} has no database: services.yml does not say `database: true`"
                )
        hint = did_you_mean(chosen, (service.name for service in self.services))
        raise DevelopmentError(f"services.yml has no service {chosen!r}; {hint}".removesuffix("; "))

    def database_url(self, service: Service) -> str:
        """The URL of the database of `service`. Raises `DevelopmentError` for a malformed setting."""
        return database_url(self.root, service.name, self.environment)


def open_project(root: Path) -> Project:
    """Read the project at `root`.

    Raises `DevelopmentError` when its specs have errors, or code that follows from them was never generated.
    """
    root = root.resolve()
    system = _system(root)
    for service in filter(lambda each: each.type.is_python, system.services):
        folder = root / "services" / service.name
        needed = [folder / "src" / "generated"] + [folder / "migrations" / "env.py"] * service.database
        if not all(path.exists() for path in needed):
            raise DevelopmentError(
                f"the code of {service.name} is not generated: run `make generate-from-spec`, or "
                "`make sync-services` if the service is new"
            )
    return Project(root, system, read_environment(root))


def _system(root: Path) -> System:
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    if diagnostics.has_errors:
        from framework.renderings.text import render

        raise DevelopmentError(render(diagnostics))
    return system
