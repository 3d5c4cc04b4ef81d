"""What was left behind when a spec was removed; it is told and never deleted."""

from __future__ import annotations

from framework.diagnostics import Diagnostics, did_you_mean
from framework.lint.modules import Code, Module
from framework.system import Domain, Service, System

_CONTROLLERS = "controllers"


def check_leftovers(code: Code, system: System, diagnostics: Diagnostics) -> None:
    """Tell of controllers without a domain."""
    services = {service.name: service for service in system.services}
    for module in code:
        if service := services.get(module.service):
            _check_controller(code, module, service, diagnostics)


def _check_controller(code: Code, module: Module, service: Service, diagnostics: Diagnostics) -> None:
    domain, parts = module.within.stem, module.within.parts
    if len(parts) != 2 or parts[0] != _CONTROLLERS or domain in {each.name for each in service.domains}:
        return
    node = module.names.classes.get(f"{Domain(domain, '', ()).class_prefix}Controller")
    if node and not _is_imported(code, module):
        message = f"{node.name!r} carries out a domain that there is no spec for"
        hint = _hint(service, domain)
        diagnostics.add("leftover-controller", module.place_of_name(node), message, hint=hint)


def _hint(service: Service, domain: str) -> str:
    close = did_you_mean(domain, (each.name for each in service.domains))
    spec = f"services/{service.name}/spec/{domain}.yaml"
    return f"{spec} is gone; {close or 'delete this file, if nothing needs it'}"


def _is_imported(code: Code, module: Module) -> bool:
    """Whether other code uses the file, so that it is no leftover: a base class, say."""
    return any(module.name in other.names.imported for other in code if other is not module)
