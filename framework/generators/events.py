"""`shared.generated.events`: the broker, the event definitions and the `publish_<event>` functions."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.imports import Imports
from framework.generators.python_values import timedelta_expression
from framework.generators.templating import render
from framework.generators.text import called, literal
from framework.naming import field_identifier
from framework.system import Event, System

PATH = "shared/shared/generated/events.py"


def generate(system: System) -> Iterator[File]:
    """The module of all events; without any there is still the broker."""
    imports = Imports(
        "from __future__ import annotations", "from framework.runtime.broker import EventBroker"
    )
    if system.events:
        imports.add(
            "from typing import TYPE_CHECKING",
            "from framework.runtime.events import EventDefinition, publish",
        )
        imports.add_schemas(event.message for event in system.events)
    if any(event.retention for event in system.events):
        imports.add("import datetime as dt")
    text = render(
        "codegen/events.py.j2",
        banner=banner("shared/spec"),
        imports=imports,
        events=[_event(event) for event in system.events],
        kept=[event.constant for event in system.events if event.is_kept_here],
        stream_prefix=system.stream_prefix,
    )
    yield File(PATH, text)


def _event(event: Event) -> tuple[str, str, str, str, str]:
    """What defines an event, and what the function is made of that publishes it."""
    constant = event.constant
    return _definition(event, constant), event.function, event.message, _docstring(event), constant


def _definition(event: Event, constant: str) -> str:
    arguments = [
        f"name={literal(event.name)}",
        f"message={event.message}",
        f"key={literal(event.key and field_identifier(event.key))}",
    ]
    if event.retention:
        arguments.append(f"retention={timedelta_expression(event.retention)}")
    return called(f"{constant} = EventDefinition", arguments)


def _docstring(event: Event) -> str:
    description = event.description.strip()
    return f"Publish `{event.name}`: {description}" if description else f"Publish `{event.name}`."
