"""Errors that operations name: what controllers may raise, and the status that REST answers."""

from __future__ import annotations

from collections.abc import Iterator

from framework.naming import NameKind
from framework.resolve.scope import DeclaredError, Scope
from framework.resolve.site import Site
from framework.resolve.versions import REFUSAL, changes_a_version
from framework.source import Spot
from framework.system import RUNTIME_ERRORS, Error


def declare_errors(scope: Scope) -> None:
    """Take the names of the errors of all operations; a name has one status, wherever it stands."""
    codes: dict[str, DeclaredError] = {}
    for name, status, spot in _named(scope):
        if not scope.named(NameKind.ERROR, name, spot):
            continue
        if name not in scope.errors:
            declared = DeclaredError(Error(name, RUNTIME_ERRORS.get(name, status)), spot)
            scope.errors[name] = declared
            _check_code(declared, codes.setdefault(declared.error.code, declared), scope)
            _check_models(declared, scope)
        if status != scope.errors[name].error.status:
            _tell_status(scope.errors[name], status, spot, scope)


def operation_errors(site: Site, scope: Scope) -> tuple[Error, ...]:
    """The errors of one operation, in the order of the spec."""
    names = dict.fromkeys(site.spec.errors)
    if changes_a_version(site.spec):
        names[REFUSAL] = None
    return tuple([scope.errors[name].error for name in names if name in scope.errors])


def _named(scope: Scope) -> Iterator[tuple[str, int, Spot]]:
    for loaded in scope.specs.domains:
        for operation, spec in loaded.spec.operations.items():
            for name, status in spec.errors.items():
                yield name, status, loaded.spot / "operations" / operation / "errors" / name
            if changes_a_version(spec):
                yield REFUSAL, RUNTIME_ERRORS[REFUSAL], loaded.spot / "operations" / operation / "versioned"


def _check_code(declared: DeclaredError, first: DeclaredError, scope: Scope) -> None:
    if first is not declared:
        names = f"{first.error.name!r} and {declared.error.name!r}"
        message = f"{names} would both have the code {declared.error.code}"
        related = first.spot.key
        scope.diagnostics.add(
            "duplicate-name", declared.spot.key, message, related=related, note="the other error"
        )


def _check_models(declared: DeclaredError, scope: Scope) -> None:
    """Whoever calls an operation imports its errors beside its models."""
    if declared.error.name in scope.declared:
        message = f"{declared.error.name!r} is the name of a model or an enum already"
        related = scope.key_of(declared.error.name)
        scope.diagnostics.add("duplicate-name", declared.spot.key, message, related=related, note="the model")


def _tell_status(declared: DeclaredError, status: int, spot: Spot, scope: Scope) -> None:
    name, known = declared.error.name, declared.error.status
    if declared.error.is_of_runtime:
        message, related = f"{name} is {known} everywhere, and not {status}", None
    else:
        message, related = f"{name} is {known} already, and not {status} too", declared.spot.place
    hint = f"write {known}, or give this error a name of its own"
    scope.diagnostics.add(
        "error-status", spot.place, message, hint=hint, related=related, note="where it is named first"
    )
