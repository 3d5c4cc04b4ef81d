"""The system of the project that is to be shipped."""

from __future__ import annotations

from pathlib import Path

from framework.diagnostics import did_you_mean
from framework.load import load
from framework.resolve import resolve
from framework.shipping.errors import ShippingError
from framework.system import Service, System


def open_system(root: Path) -> System:
    """Read the specs of the project at `root`. Raises `ShippingError` if they have errors."""
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    if diagnostics.has_errors:
        from framework.renderings.text import render

        raise ShippingError(render(diagnostics))
    return system


def python_services(system: System, chosen: str | None) -> list[Service]:
    """The services that run on Python, or the one of that name.

    Raises `ShippingError` if there is no such service, or it runs on something else.
    """
    found = [service for service in system.services if service.type.is_python]
    if chosen is None:
        return found
    named = [service for service in found if service.name == chosen]
    if not named:
        hint = did_you_mean(chosen, (service.name for service in found))
        raise ShippingError(f"services.yml has no Python service {chosen!r}; {hint}".removesuffix("; "))
    return named


def require_profiles(system: System, chosen: str) -> None:
    """Raise `ShippingError` if `chosen`, as COMPOSE_PROFILES has it, names a profile that no service is in.

    Compose itself starts nothing for such a name, and says nothing.
    """
    known = sorted({profile for service in system.services for profile in service.profiles})
    for name in filter(None, map(str.strip, chosen.split(","))):
        if name not in (*known, "*"):
            hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
            raise ShippingError(f"COMPOSE_PROFILES: no service has the profile {name!r}; {hint}")
