"""Pydantic's errors over a spec, told as diagnostics: places in the file, plain words, hints."""

from __future__ import annotations

import types
import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from framework.diagnostics import Diagnostics, did_you_mean
from framework.gaps import Loc
from framework.habits import HABITS
from framework.shapes import shape_hint
from framework.slips import form_hint, hint_by_key, hint_by_missing, literal_hint, missing_hint
from framework.source import Source, short
from framework.spec.base import Spec

_AT_KEYS = {"extra_forbidden", "missing"}

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "number_type": "a number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}

_LIMITS = {
    "greater_than_equal": ("ge", "{value} is less than {limit}"),
    "less_than_equal": ("le", "{value} is greater than {limit}"),
    "string_too_long": ("max_length", "the text is longer than {limit} characters"),
    "string_pattern_mismatch": ("pattern", "{value} does not match the pattern {limit}"),
}

_COUNTS = {
    "too_short": ("min_length", "the list needs {limit} or more items"),
    "too_long": ("max_length", "the list has more than {limit} items"),
}


def explain(
    source: Source, model: type[Spec], errors: Sequence[ErrorDetails], diagnostics: Diagnostics
) -> None:
    """Tell each error of validating `source` against `model` once, at the key or value that caused it.

    What an unknown key was probably meant to be is noted in the gaps of the file, so that it is not told as
    missing too.
    """
    strange = {item["loc"][:-1] for item in errors if item["type"] == "extra_forbidden"}
    missing: defaultdict[Loc, list[str]] = defaultdict(list)
    for item in errors:
        if item["type"] == "missing":
            missing[item["loc"][:-1]].append(str(item["loc"][-1]))
    # Unknown keys first, since they may be why others are missing.
    ordered = sorted(errors, key=lambda item: item["type"] == "missing")
    for index, item in enumerate(ordered):
        if diagnostics.is_full(source.path):
            left = (each["type"] != "missing" or each["loc"][:-1] not in strange for each in ordered[index:])
            diagnostics.leave_out(source.path, sum(left))
            break
        _explain(source, model, item, missing, diagnostics)


def _explain(
    source: Source,
    model: type[Spec],
    item: ErrorDetails,
    missing: Mapping[Loc, list[str]],
    diagnostics: Diagnostics,
) -> None:
    loc, kind = item["loc"], item["type"]
    resolved = source.find(loc)
    if kind == "missing" and source.gaps.touch((*resolved, str(loc[-1]))):
        return
    if kind == "too_short" and item["input"]:
        # It has items, and each that is wrong is told by itself.
        return
    place = source.place(*loc, key=kind in _AT_KEYS or loc[-1:] == ("[key]",))
    if kind not in _AT_KEYS and diagnostics.knows(place):
        # The branches of a union each complain.
        return
    if kind == "extra_forbidden":
        lacking = [key for key in missing.get(loc[:-1], ()) if not source.gaps.touch((*resolved[:-1], key))]
        told = _unknown_key(model, resolved, item["input"], lacking, diagnostics)
    else:
        told = _told(model, resolved, item)
    for meant in told.meant:
        source.gaps.note(meant)
    diagnostics.add(told.code, place, told.message, hint=told.hint)


class _Told(NamedTuple):
    """What is said of an error; `meant` are the places of the keys that an unknown one may stand for."""

    code: str
    message: str
    hint: str = ""
    meant: Sequence[Loc] = ()


def _told(model: type[Spec], resolved: Loc, item: ErrorDetails) -> _Told:
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "missing":
        return _missing_key(_spec_at(model, resolved), str(item["loc"][-1]), item)
    if kind == "literal_error":
        return _bad_literal(_spec_at(model, resolved[:-1]), resolved, item)
    if kind in _EXPECTED:
        spec = _spec_at(model, (*resolved, 0) if kind == "tuple_type" else resolved)
        hint = hint_by_key(resolved, value) or shape_hint(kind, value, spec)
        return _Told("bad-shape", f"expected {_EXPECTED[kind]} and found {_found(value)}", hint)
    if kind in _COUNTS:
        name, message = _COUNTS[kind]
        return _Told("bad-value", message.format(limit=context[name]))
    if kind in _LIMITS:
        name, message = _LIMITS[kind]
        return _Told("bad-value", message.format(value=short(value), limit=context[name]))
    return _Told("bad-value", _sentence(item["msg"]), form_hint(kind, resolved, value))


def _unknown_key(
    model: type[Spec], resolved: Loc, value: object, lacking: Sequence[str], diagnostics: Diagnostics
) -> _Told:
    """What is said of a key that the mapping around it does not have; `lacking` are those that it misses."""
    holder, key = resolved[:-1], str(resolved[-1])
    spec = _spec_at(model, holder)
    if spec is None:
        return _Told("unknown-key", f"unknown key {short(key)}")
    if key == "<<":
        return _Told("yaml-feature", "merge keys are not used in specs", "write the keys here")
    message = f"unknown key {short(key)}"
    if habit := HABITS.get(spec, {}).get(key):
        words, hint = habit
        return _Told("unknown-key", message, hint, [(*holder, meant) for meant in words.split()])
    if outer := _outer_hint(_spec_at(model, holder[:-1]), key, holder):
        return _Told("unknown-key", message, outer, [(*holder[:-1], key)])
    if hint := hint_by_missing(key, value, lacking):
        return _Told("unknown-key", message, hint, [(*holder, each) for each in lacking])
    # Its own keys before those that it has in common with others.
    known = sorted(spec.model_fields, key=lambda name: name not in spec.__annotations__)
    if meant := diagnostics.nearest(key, known):
        return _Told("unknown-key", message, f"did you mean {meant!r}?", [(*holder, meant)])
    keys = f"keys here are {', '.join(known)}" if len(known) > 1 else f"only key here is {known[0]}"
    rest = f"; {' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing" if lacking else ""
    return _Told("unknown-key", message, f"the {keys}{rest}", [(*holder, each) for each in lacking])


def _outer_hint(outer: type[Spec] | None, key: str, holder: Loc) -> str:
    """What to do with a key that belongs beside the mapping at `holder`, not in it; empty if it does not."""
    if outer is None or not (holder and isinstance(holder[-1], str)):
        return ""
    if key in outer.model_fields:
        return f"write it beside {holder[-1]}, not in it"
    meant, hint = HABITS.get(outer, {}).get(key, ("", ""))
    return f"{hint}, beside {holder[-1]}" if meant else hint


def _missing_key(spec: type[Spec] | None, key: str, item: ErrorDetails) -> _Told:
    message = f"missing key {key!r}" if item["loc"][:-1] else f"the file has no key {key!r}"
    described = spec.model_fields[key].description if spec and key in spec.model_fields else ""
    hint = missing_hint(key, item["input"]) or (f"{key}: {described}" if described else "")
    return _Told("missing-key", message, hint)


def _bad_literal(spec: type[Spec] | None, resolved: Loc, item: ErrorDetails) -> _Told:
    value, key = item["input"], str(resolved[-1]) if resolved else ""
    if spec and isinstance(value, str) and value in spec.unsupported_values.get(key, ()):
        return _Told("not-supported", f"{key} {value!r} is not supported yet", "its runtime is not built yet")
    allowed = item["ctx"]["expected"]
    words = [word for word in allowed.split("'") if word.isidentifier() or "-" in word]
    hint = literal_hint(spec, resolved, value)
    if not hint and isinstance(value, str):
        hint = did_you_mean(value, words)
    if value == allowed:
        hint = "write the number without quotes"
    elif allowed.isdigit():
        hint = f"write {allowed}"
    return _Told("bad-value", f"{short(value)} is not {allowed}", hint)


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
