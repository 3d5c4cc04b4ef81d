"""Controllers that answer what their protocols promise, made up anew each time."""

from __future__ import annotations

import json
import typing
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

from pydantic import TypeAdapter

from framework.chaos.samples import Samples
from framework.dev.project import open_project
from framework.system import Operation

PROJECT = open_project(Path())


def answering(protocol: type, service: str) -> type:
    """A controller for a protocol of a service: whatever it is asked, it makes an answer up."""
    (found,) = (each for each in PROJECT.services if each.name == service)
    domains = {*found.rest_domains, *found.event_domains}
    operations = {each.name: each for domain in domains for each in domain.operations}
    samples = Samples(PROJECT.system, Random(1))  # noqa: S311
    methods = {
        name: _method(operations[name], typing.get_type_hints(method, include_extras=True)["return"], samples)
        for name, method in vars(protocol).items()
        if name in operations
    }
    return type(protocol.__name__.removesuffix("Protocol"), (), methods)


def _method(operation: Operation, type_: Any, samples: Samples) -> Callable[..., Awaitable[Any]]:
    adapter = TypeAdapter[Any](type_)

    async def method(*_: object, **__: object) -> Any:
        if operation.output is None:
            return None
        return adapter.validate_json(json.dumps(samples.of(operation.output)))

    return method
