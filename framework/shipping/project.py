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
