"""Code written by hand as the spec that it could have been: a draft to paste."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from framework.lint.annotations import SCHEMAS, Named, Type, type_of
from framework.lint.modules import Code, Module

_WORDS: Mapping[str, str] = {
    "builtins.int": "int",
    "builtins.float": "float",
    "builtins.bool": "bool",
    "builtins.str": "string",
    "builtins.bytes": "bytes",
    "datetime.date": "date",
    "datetime.time": "time",
    "datetime.datetime": "datetime",
    "datetime.timedelta": "duration",
    "decimal.Decimal": "decimal",
    "uuid.UUID": "uuid",
    "pydantic.EmailStr": "email",
    "pydantic.AnyUrl": "url",
    "pydantic.HttpUrl": "url",
    "pydantic.JsonValue": "json",
    "typing.Any": "json",
}
"""Types of Python and the words of the specs for them."""

_CONTAINERS = {"builtins.list": "list[{}]", "builtins.set": "set[{}]", "builtins.dict": "dict[string, {}]"}
_NULL = Named("None")


def model_draft(code: Code, module: Module, node: ast.ClassDef) -> str:
    """A class as an entry of models.yaml; empty if the specs have no words for one of its fields."""
    siblings = {f"{module.name}.{name}": name for name in module.names.classes}
    lines = [f"  {node.name}:", "    fields:"]
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        keys = _field(type_of(code, module, statement.annotation), statement.value, siblings)
        if keys is None:
            return ""
        lines.append(f"      {statement.target.id}: {{{', '.join(keys)}}}")
    return "\n".join(["models:", *lines, ""]) if len(lines) > 2 else ""


def _field(type_: Type, value: ast.expr | None, siblings: Mapping[str, str]) -> list[str] | None:
    word = _in_words(type_ - {_NULL}, siblings)
    if word is None:
        return None
    keys = [f"type: {_quoted(word)}"]
    if _NULL in type_:
        keys.append("optional: true")
    match value:
        case ast.Constant(bool() as default):
            keys.append(f"default: {str(default).lower()}")
        case ast.Constant(int() | float() as default):
            keys.append(f"default: {default}")
    return keys


def _in_words(type_: Type, siblings: Mapping[str, str]) -> str | None:
    """A type as a spec writes it, or None if the specs have no word for it."""
    if len(type_ - {_NULL}) != 1:
        return None
    [named] = type_ - {_NULL}
    word = _word(named, siblings)
    return f"{word} | null" if word and _NULL in type_ else word


def _word(named: Named, siblings: Mapping[str, str]) -> str | None:
    if named.name in _CONTAINERS and named.arguments:
        inner = _in_words(named.arguments[-1], siblings)
        return _CONTAINERS[named.name].format(inner) if inner else None
    if named.name.startswith(SCHEMAS):
        return named.name.removeprefix(SCHEMAS)
    return siblings.get(named.name) or _WORDS.get(named.name)


def operation_draft(code: Code, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A route as an entry of a domain's spec; empty if its decorator does not say path and method plainly."""
    routes = [route for decorator in node.decorator_list if (route := _route(decorator))]
    if len(routes) != 1:
        return ""
    method, path = routes[0]
    lines = ["operations:", f"  {node.name}:"]
    if params := list(_params(code, module, node)):
        lines += ["    params:", *(f"      - {param}" for param in params)]
    if node.returns is not None and (output := _in_words(type_of(code, module, node.returns), {})):
        lines.append(f"    output: {_quoted(output)}")
    return "\n".join([*lines, f"    rest: {{method: {method}, path: {_quoted(path)}}}", ""])


def _route(decorator: ast.expr) -> tuple[str, str] | None:
    match decorator:
        case ast.Call(ast.Attribute(_, name), [ast.Constant(str() as path), *_]) if name.upper() in _METHODS:
            return name.upper(), path
    return None


_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def _params(code: Code, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The arguments of a route that are scalars, as parameters of an operation."""
    for argument in [*node.args.args, *node.args.kwonlyargs]:
        if argument.annotation is None:
            continue
        type_ = type_of(code, module, argument.annotation)
        if {named.name for named in type_ - {_NULL}} <= _WORDS.keys() and (word := _in_words(type_, {})):
            yield f"{{name: {argument.arg}, type: {_quoted(word)}}}"


def _quoted(text: str) -> str:
    """A scalar of YAML within braces."""
    is_plain = text and not set(text) & set("[]{},#:&*!|>'\"%@`?") and text.strip() == text
    return text if is_plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
