"""Controllers that answer what their protocols promise, made up anew each time.

Of what they were asked they remember one thing: what was deleted is not found any more.
"""

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
from framework.system import Operation, ParamSource

PROJECT = open_project(Path())

Method = Callable[..., Awaitable[Any]]
Resource = tuple[str, tuple[Any, ...]]
"""A path, and what was given for its parameters."""


def answering(protocol: type, service: str) -> type:
    """A controller for a protocol of a service: whatever it is asked, it makes an answer up."""
    (found,) = (each for each in PROJECT.services if each.name == service)
    domains = {*found.rest_domains, *found.event_domains}
    operations = {each.name: each for domain in domains for each in domain.operations}
    samples = Samples(PROJECT.system, Random(1))  # noqa: S311
    deleted: set[Resource] = set()
    methods = {
        name: _remembering(
            operations[name],
            _method(operations[name], typing.get_type_hints(method, include_extras=True)["return"], samples),
            deleted,
        )
        for name, method in vars(protocol).items()
        if name in operations
    }
    return type(protocol.__name__.removesuffix("Protocol"), (), methods)


def _method(operation: Operation, type_: Any, samples: Samples) -> Method:
    adapter = TypeAdapter[Any](type_)

    async def method(*_: object, **__: object) -> Any:
        if operation.output is None:
            return None
        return adapter.validate_json(json.dumps(samples.of(operation.output)))

    return method


def _remembering(operation: Operation, method: Method, deleted: set[Resource]) -> Method:
    if operation.rest is None or not any(error.name == "NotFound" for error in operation.errors):
        return method
    rest = operation.rest
    names = [param.name for param in operation.params if param.source is ParamSource.PATH]

    async def remembering(*given: object, **named: object) -> Any:
        from shared.generated.errors import NotFound  # type: ignore[import-not-found]  # of the project

        resource = (rest.path, tuple(named[name] for name in names))
        if resource in deleted:
            raise NotFound("It was deleted.")
        if rest.method == "DELETE":
            deleted.add(resource)
        return await method(*given, **named)

    return remembering
