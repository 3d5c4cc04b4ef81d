"""Pydantic's errors over a spec, told as diagnostics: places in the file, plain words, hints."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from framework.diagnostics import Diagnostics, did_you_mean
from framework.source import Loc, Source, short
from framework.spec.base import Spec

_AT_KEYS = {"extra_forbidden", "missing"}

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "number_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}

_HINTS = {
    ("string_type", bool): "quote it to make it a text",
    ("string_type", int): "quote it to make it a text",
    ("string_type", float): "quote it to make it a text",
    ("bool_type", str): "write true or false, without quotes",
    ("int_type", str): "write the number without quotes",
    ("tuple_type", str): "write a list: [a, b]",
    ("model_type", type(None)): "write {} for an empty mapping",
    ("dict_type", type(None)): "write {} for an empty mapping",
    ("tuple_type", type(None)): "write [] for an empty list",
}


def explain(source: Source, model: type[Spec], error: ValidationError, diagnostics: Diagnostics) -> None:
    """Tell each error of validating `source` against `model` once, at the key or value that caused it."""
    for item in error.errors(include_url=False):
        loc, kind = item["loc"], item["type"]
        place = source.place(*loc, key=kind in _AT_KEYS or loc[-1:] == ("[key]",))
        _, node, resolved = source.find(loc)
        is_refused = node is not None and item["input"] is None and diagnostics.knows(source.place_of(node))
        if kind not in _AT_KEYS and (is_refused or diagnostics.knows(place)):
            # What the reader refused is None here, and the branches of a union each complain.
            continue
        code, message, hint = _told(model, resolved, item)
        diagnostics.add(code, place, message, hint=hint)


def _told(model: type[Spec], resolved: Loc, item: ErrorDetails) -> tuple[str, str, str]:
    kind, value = item["type"], item["input"]
    if kind == "extra_forbidden":
        return _unknown_key(_spec_at(model, resolved[:-1]), str(item["loc"][-1]))
    if kind == "missing":
        return _missing_key(_spec_at(model, resolved), str(item["loc"][-1]), bool(item["loc"][:-1]))
    if kind == "literal_error":
        return _bad_literal(_spec_at(model, resolved[:-1]), resolved, item)
    if kind in _EXPECTED:
        hint = _HINTS.get((kind, type(value)), "")
        return "bad-shape", f"expected {_EXPECTED[kind]} and found {_found(value)}", hint
    return "bad-value", _sentence(item["msg"]), ""


def _unknown_key(spec: type[Spec] | None, key: str) -> tuple[str, str, str]:
    if spec is None:
        return "unknown-key", f"unknown key {short(key)}", ""
    if key in spec.unsupported_keys:
        return "not-supported", f"{key!r} is not supported yet", "remove it; its runtime is not built yet"
    known = list(spec.model_fields)
    hint = did_you_mean(key, known) or f"the keys here are {', '.join(known)}"
    return "unknown-key", f"unknown key {short(key)}", hint


def _missing_key(spec: type[Spec] | None, key: str, is_inner: bool) -> tuple[str, str, str]:
    described = spec.model_fields[key].description if spec and key in spec.model_fields else ""
    message = f"missing key {key!r}" if is_inner else f"the file has no key {key!r}"
    return "missing-key", message, f"{key}: {described}" if described else ""


def _bad_literal(spec: type[Spec] | None, resolved: Loc, item: ErrorDetails) -> tuple[str, str, str]:
    value, key = item["input"], str(resolved[-1]) if resolved else ""
    if spec and isinstance(value, str) and value in spec.unsupported_values.get(key, ()):
        return "not-supported", f"{key} {value!r} is not supported yet", "its runtime is not built yet"
    allowed = item["ctx"]["expected"]
    words = [word for word in allowed.split("'") if word.isidentifier() or "-" in word]
    hint = did_you_mean(str(value), words) if isinstance(value, str) else ""
    return "bad-value", f"{short(value)} is not {allowed}", hint


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {short(value)}"
        case str():
            return f"the text {short(value)}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _sentence(message: str) -> str:
    """Pydantic's own words, without the capital that begins them."""
    return message[:1].lower() + message[1:]


def _spec_at(model: type[Spec], loc: Loc) -> type[Spec] | None:
    """The class that the mapping at `loc` is read by."""
    annotation: Any = model
    for part in loc:
        annotation = next(_steps(annotation, part), None)
    return next(_specs(annotation), None)


def _steps(annotation: Any, part: str | int) -> Iterator[Any]:
    for inner in _alternatives(annotation):
        origin, args = typing.get_origin(inner), typing.get_args(inner)
        if origin is dict:
            yield args[1]
        elif origin is tuple:
            yield args[0]
        elif isinstance(inner, type) and issubclass(inner, BaseModel) and str(part) in inner.model_fields:
            yield inner.model_fields[str(part)].annotation


def _specs(annotation: Any) -> Iterator[type[Spec]]:
    for inner in _alternatives(annotation):
        if isinstance(inner, type) and issubclass(inner, Spec):
            yield inner


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(typing.get_args(annotation)[0])
    elif origin in {typing.Union, types.UnionType}:
        for argument in typing.get_args(annotation):
            yield from _alternatives(argument)
    else:
        yield annotation
