"""Routes follow from the specs; what those cannot describe has a place of its own, `src/routes.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from framework.diagnostics import Diagnostics
from framework.lint.drafts import operation_draft
from framework.lint.modules import Code, Module

_ROUTERS = {
    f"{module}.{name}"
    for name, modules in {
        "APIRouter": ("fastapi", "fastapi.routing"),
        "FastAPI": ("fastapi", "fastapi.applications"),
        "Starlette": ("starlette.applications",),
        "Router": ("starlette.routing",),
    }.items()
    for module in modules
}

_DECORATORS = {
    *("get", "post", "put", "patch", "delete", "head", "options", "trace"),
    *("api_route", "route", "websocket", "websocket_route"),
}
_ADDERS = {"add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"}

_PLACES = ("routes.py", "routes", "generated")
"""Where routes may be, within the source of a service; a generated file here is one that was taken over."""


def check_routes(code: Code, diagnostics: Diagnostics) -> None:
    """Tell of every route and router outside their places."""
    for module in code:
        if not (module.service and module.within.parts[0] in _PLACES):
            _check_module(code, module, diagnostics)


def _check_module(code: Code, module: Module, diagnostics: Diagnostics) -> None:
    routers = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and code.named(module, node.func) in _ROUTERS
    ]
    service = f"services/{module.service}" if module.service else "a service"
    hint = f"describe an operation in {service}/spec/<domain>.yaml, or write it in {service}/src/routes.py"
    for node in routers:
        message = f"{ast.unparse(node.func)}: routes are made by hand here"
        diagnostics.add("hand-written-route", module.place(node.func), message, hint=hint)
    told = {name for node in ast.walk(module.tree) for name in _names_of(node, routers)}
    for function, decorator in _decorators(module):
        if not (isinstance(decorator.value, ast.Name) and decorator.value.id in told):
            message = f"{function.name!r} is a route, written by hand"
            paste = operation_draft(code, module, function)
            place = module.place(decorator)
            told_hint = f"{hint}:" if paste else hint
            diagnostics.add("hand-written-route", place, message, hint=told_hint, paste=paste)
    for adder in _adders(module):
        message = "a route is added by hand here"
        diagnostics.add("hand-written-route", module.place(adder), message, hint=hint)


def _names_of(node: ast.AST, routers: list[ast.Call]) -> Iterator[str]:
    """The names that a router is assigned to: what is done with them was told with the router."""
    match node:
        case ast.Assign([ast.Name(name)], ast.Call() as value) if value in routers:
            yield name
        case ast.AnnAssign(ast.Name(name), _, ast.Call() as value) if value in routers:
            yield name


def _decorators(module: Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Attribute]]:
    """Functions decorated as in `@app.get("/path")`, each with its decorator."""
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                match decorator:
                    case ast.Call(ast.Attribute() as function) if _is_route(function, decorator, _DECORATORS):
                        yield node, function


def _adders(module: Module) -> Iterator[ast.Attribute]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(ast.Attribute() as function) if _is_route(function, node, _ADDERS):
                yield function


def _is_route(function: ast.Attribute, call: ast.Call, names: set[str]) -> bool:
    """Whether a call names a path: others have a method `get`, too."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "path")]
    return function.attr in names and any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value[:1] in {"", "/"}
        for each in given
    )
