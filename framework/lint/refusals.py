"""Controllers refuse by errors that the specs name, so that documents, clients and events know them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from framework.diagnostics import Diagnostics
from framework.lint.modules import Code, Module
from framework.lint.signatures import Function
from framework.system import RUNTIME_ERRORS, Operation, System

_CONTROLLERS = "controllers"
_EXCEPTIONS = {
    *("fastapi.HTTPException", "fastapi.exceptions.HTTPException"),
    "starlette.exceptions.HTTPException",
}
_ERRORS = "shared.generated.errors."

_STATUS = re.compile(r"HTTP_(\d{3})_")
_NAMES = {status: name for name, status in RUNTIME_ERRORS.items()}


def check_refusals(code: Code, diagnostics: Diagnostics) -> None:
    """Tell of controllers that answer by exceptions of HTTP."""
    for module in code:
        if module.service and module.within.parts[0] == _CONTROLLERS:
            for expression, status in _http_exceptions(code, module):
                place = module.place(expression)
                message = f"{ast.unparse(expression)}: only HTTP knows it, and no document"
                diagnostics.add("hand-written-error", place, message, hint=_hint(status))


def _hint(status: int | None) -> str:
    name = _NAMES.get(status or 404, "NameOfIt")
    entry = f"{{{name}: {status or 404}}}"
    return f"name it in the operation, as in errors: {entry}, and raise {name} of shared.generated.errors"


def _http_exceptions(code: Code, module: Module) -> Iterator[tuple[ast.expr, int | None]]:
    """What is made, raised or derived from such an exception, with the status where it is plain."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(function) if code.named(module, function) in _EXCEPTIONS:
                yield function, _status(node)
            case ast.Raise(ast.expr() as raised) if code.named(module, raised) in _EXCEPTIONS:
                yield raised, None
            case ast.ClassDef(bases=bases):
                yield from ((base, None) for base in bases if code.named(module, base) in _EXCEPTIONS)


def _status(call: ast.Call) -> int | None:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "status_code")]
    match given:
        case [ast.Constant(int() as status)]:
            return status
        case [ast.Attribute(attr=name) | ast.Name(name)] if found := _STATUS.match(name):
            return int(found[1])
    return None


def undeclared_errors(
    code: Code, module: Module, node: Function, operation: Operation, system: System
) -> Iterator[tuple[ast.expr, str, int]]:
    """The errors that a method surely raises and its operation does not name, with their statuses."""
    known = {error.name: error.status for error in system.errors}
    declared = {error.name for error in operation.errors}
    for raised in _raised(node.body):
        name = code.named(module, raised.func if isinstance(raised, ast.Call) else raised) or ""
        error = name.removeprefix(_ERRORS) if name.startswith(_ERRORS) else ""
        if error in known and error not in declared:
            yield raised, error, known[error]


def _raised(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """What leaves the statements when it is raised: nothing around it catches it, or may do so."""
    for statement in body:
        match statement:
            case ast.Raise(ast.expr() as raised):
                yield raised
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
                yield from _raised([*statement.body, *statement.orelse])
            case ast.Match(_, cases):
                yield from _raised([inner for case in cases for inner in case.body])
            case ast.Try(inner, handlers, orelse, last):
                caught = [] if handlers else inner
                after = [each for handler in handlers for each in handler.body]
                yield from _raised([*caught, *after, *orelse, *last])
