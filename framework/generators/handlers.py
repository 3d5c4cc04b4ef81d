"""What the functions have in common that pass events and ticks on to operations."""

from __future__ import annotations

from framework.generators.python_values import PythonValues
from framework.generators.text import literal
from framework.naming import argument_identifier
from framework.system import Operation, Service


def declaration(service: Service, operation: Operation) -> list[str]:
    """The arguments of a decorator that say who handles, and when a failure is tried again."""
    arguments = [f"group={literal(service.name)}", f"operation={literal(operation.qualified_name)}"]
    if operation.retry:
        seconds = [f"{delay.total_seconds()}" for delay in operation.retry]
        arguments.append(f"retry=({', '.join(seconds)}{',' if len(seconds) == 1 else ''})")
    return arguments


def default_arguments(operation: Operation, values: PythonValues) -> list[str]:
    """The parameters of an operation with their defaults, where the caller brings none."""
    return [
        f"{argument_identifier(param.name)}={values(param.type, param.default)}" for param in operation.params
    ]
