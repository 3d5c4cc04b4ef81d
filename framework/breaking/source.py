"""What breaks code that was written against the generated modules.

The project's own code is part of the same commit, and `make typecheck` tells the same at once: these are
warnings, for those who use the generated clients and schemas from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from framework.breaking.change import Change, Pair
from framework.breaking.finding import Finding, Section, Subject
from framework.system import ParamSource


def renamed_operations(change: Change) -> Iterator[Finding]:
    """Operations whose name is that of another method of the generated client."""
    for pair in change.operations:
        old, new = pair.old.operation, pair.new.operation
        if old.name != new.name and old.rest:
            message = f"{pair.old.name} is {pair.new.name} now"
            whom = f"code that calls the method {old.name} of a generated client"
            subjects = pair.new.subject, pair.old.subject
            yield Finding("operation-renamed", pair.old.name, message, whom, *subjects)


def renamed_params(change: Change) -> Iterator[Finding]:
    """Path parameters under another name: the wire does not have it, the generated client does."""
    for pair in change.operations:
        old, new = _in_path(pair)
        if len(old) == len(new):
            for before, after in zip(old, new, strict=True):
                if before != after:
                    name = f"{pair.old.name}.{before}"
                    message = f"{name} is called {after} now"
                    whom = f"code that gives {before}= to a generated client"
                    subjects = pair.new.subject / "params" / after, pair.old.subject / "params" / before
                    yield Finding("param-renamed", name, message, whom, *subjects)


def _in_path(pair: Pair) -> tuple[list[str], list[str]]:
    old, new = (
        [param.name for param in sited.operation.params if param.source is ParamSource.PATH]
        for sited in (pair.old, pair.new)
    )
    return old, new


def removed_classes(change: Change) -> Iterator[Finding]:
    """Models, variants, enums and errors that are no longer among the generated classes."""
    for name, schema in change.old_schemas.items():
        if name not in change.new_schemas:
            keys = ("variants", schema.variant) if schema.variant else ()
            yield _gone(name, "schemas", Subject(Section.MODEL, schema.model, keys))
    for name in change.old_enums:
        if name not in change.new_enums:
            yield _gone(name, "schemas", Subject(Section.ENUM, name))
    kept = {error.name for error in change.new.errors}
    for error in change.old.errors:
        if error.name not in kept:
            yield _gone(error.name, "errors", Subject(Section.ERROR, error.name))


def _gone(name: str, module: str, subject: Subject) -> Finding:
    message = f"the class {name} is gone from shared.generated.{module}"
    return Finding("class-removed", name, message, f"code that imports {name}", subject, subject)
