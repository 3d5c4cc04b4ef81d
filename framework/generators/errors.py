"""`shared.generated.errors`: what controllers raise and clients catch, a class for each name."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.imports import Imports
from framework.generators.templating import render
from framework.generators.text import sentence
from framework.naming import snake_case
from framework.system import Error, System

PATH = "shared/shared/generated/errors.py"


def generate(system: System) -> Iterator[File]:
    """The module of all errors, if operations name any."""
    if not system.errors:
        return
    imports = Imports()
    for error in system.errors:
        if error.is_of_runtime:
            # The repeated name says that it is meant to be imported from here, too.
            imports.add(f"from framework.runtime.errors import {error.name} as {error.name}")
        else:
            imports.add("from framework.runtime.errors import OperationError")
    text = render(
        "codegen/errors.py.j2",
        banner=banner("services/*/spec"),
        imports=imports,
        errors=[(error, _docstring(error)) for error in system.errors if not error.is_of_runtime],
    )
    yield File(PATH, text)


def _docstring(error: Error) -> str:
    return f"{sentence(snake_case(error.name))} REST answers {error.status}."
