"""Services meet over HTTP and events; none imports the code of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from framework.diagnostics import Diagnostics, did_you_mean
from framework.lint.modules import Code, Module
from framework.system import System

_ROOT = "services."


def check_neighbours(code: Code, system: System, diagnostics: Diagnostics) -> None:
    """Tell of imports from services other than the importing one, whether they exist or not."""
    names = {service.name for service in system.services}
    for module in code:
        for node, imported in _imports(module):
            service = imported.removeprefix(_ROOT).partition(".")[0]
            if service == module.service:
                continue
            if service not in names:
                message = f"there is no service {service!r}"
                hint = did_you_mean(service, names) or f"the services are {', '.join(sorted(names))}"
            elif module.service:
                message = f"this is the code of the service {service!r}"
                hint = "call its operations (calls: in services.yml), or move what both need to shared"
            else:
                message = f"what is shared does not know the service {service!r}"
                hint = "move it to shared, or this file to the service"
            diagnostics.add("foreign-import", module.place(node), message, hint=hint)


def _imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every import of a module of some service, and the name of that module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names if alias.name.startswith(_ROOT))
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module] if node.module.startswith(_ROOT) else _below(node)
            yield from ((node, name) for name in names)


def _below(node: ast.ImportFrom) -> list[str]:
    """The services of `from services import billing`."""
    return [f"{_ROOT}{alias.name}" for alias in node.names] if f"{node.module}." == _ROOT else []
