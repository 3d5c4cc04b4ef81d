"""Specs that are right, read without Pydantic.

To import Pydantic and to build its models takes longer than to read most specs, and only mistakes need it. So
what a file says is held here first against `spec/plain.json`, which is made from the models by
`framework.plain_shapes`. Whatever may be a mistake is for the models, which say what is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Set
from datetime import timedelta
from pathlib import Path
from typing import Any

from framework.spec.forms import LONGEST, LONGEST_DELAY, SHORTEST_DISTANCE, duration, has_controls

SHAPES = Path(__file__).parent / "spec" / "plain.json"
"""What the models say, by their names and the names of their fields: a shape, and a default if there is one.

A shape is a list: what a value is, and what it is made of or held to. A default is written as it would be
in a spec.
"""

_Read = Callable[[Any], Any]


class _NotPlain(ValueError):
    """Something is read by Pydantic, or not at all."""


class _Plain:
    """What a mapping of a spec says; it has the attributes of the model whose name is in the table."""

    __slots__ = ("__dict__", "model_fields_set")

    def __init__(self, values: dict[str, Any], given: Set[str]) -> None:
        self.__dict__ = values
        self.model_fields_set = given


class PlainSpecs:
    """Reads the specs of one project. What stands in many places as one object is read once."""

    def __init__(self) -> None:
        self._shapes: Mapping[str, Mapping[str, list[Any]]] = json.loads(SHAPES.read_bytes())
        self._models: dict[str, _Read] = {}

    def read(self, model: str, data: Any) -> Any:
        """What `data` says as a file of the kind `model`; None if it is not plain.

        The values have the attributes of the models in `framework.spec`, and so may pass for them.
        """
        try:
            return self._model(model)(data)
        except _NotPlain:
            return None

    def _reader(self, shape: list[Any]) -> _Read:
        kind, *said = shape
        match kind:
            case "model":
                return self._model(*said)
            case "list" | "dict" | "null" | "either":
                return _OF_SHAPES[kind](*map(self._reader, said))
            case "checked":
                return _checked(self._reader(said[0]), _CHECKS[said[1]])
            case "of length":
                return _of_length(self._reader(said[0]), *said[1:])
            case _:
                return _OF_VALUES[kind](*said)

    def _model(self, name: str) -> _Read:
        if name not in self._models:
            self._models[name] = self._make(name)
        return self._models[name]

    def _make(self, name: str) -> _Read:
        fields = self._shapes[name]
        # That a field may be null is seen here, without a call for each.
        nullable = frozenset(field for field, ((kind, *_), *_) in fields.items() if kind == "null")
        readers = {
            field: self._reader(shape[1] if field in nullable else shape)
            for field, (shape, *_) in fields.items()
        }
        needed = frozenset(field for field, (_, *default) in fields.items() if not default)
        # In the order of the model, whatever order a file has.
        values = {
            field: readers[field](*default) if default not in ([], [None]) else None
            for field, (_, *default) in fields.items()
        }
        known: dict[int, tuple[object, _Plain]] = {}

        def read(data: Any) -> _Plain:
            identity = id(data)
            if identity in known:
                return known[identity][1]
            if type(data) is not dict or not needed <= data.keys():
                raise _NotPlain
            said = values.copy()
            for field, value in data.items():
                if field not in readers:
                    raise _NotPlain
                said[field] = None if value is None and field in nullable else readers[field](value)
            plain = _Plain(said, data.keys())
            known[identity] = data, plain  # which keeps the identity its own
            return plain

        return read


def _is_plain_text(value: object) -> bool:
    return type(value) is str and not has_controls(value)


def _text(longest: int | None) -> _Read:
    most = sys.maxsize if longest is None else longest

    def read(value: Any) -> Any:
        # What `_is_plain_text` asks, without a call for each of the many texts.
        if type(value) is str and len(value) <= most and (value.isprintable() or not has_controls(value)):
            return value
        raise _NotPlain

    return read


def _written_like(pattern: str) -> _Read:
    matches = re.compile(pattern).fullmatch

    def read(value: Any) -> Any:
        if _is_plain_text(value) and matches(value):
            return value
        raise _NotPlain

    return read


def _one_of(*expected: str | int) -> _Read:
    kinds = {type(each) for each in expected}

    def read(value: Any) -> Any:
        if type(value) in kinds and value in expected:
            return value
        raise _NotPlain

    return read


def _within(kinds: tuple[type, ...], least: float | None, most: float | None, value: Any) -> bool:
    return type(value) in kinds and (least is None or value >= least) and (most is None or value <= most)


def _int(least: int | None, most: int | None) -> _Read:
    def read(value: Any) -> Any:
        if _within((int,), least, most, value):
            return value
        raise _NotPlain

    return read


def _float(least: float | None, most: float | None) -> _Read:
    def read(value: Any) -> Any:
        if _within((int, float), least, most, value):
            return float(value)
        raise _NotPlain

    return read


def _number() -> _Read:
    def read(value: Any) -> Any:
        if type(value) is int or type(value) is float:
            return value
        raise _NotPlain

    return read


def _bool() -> _Read:
    def read(value: Any) -> Any:
        if value is True or value is False:
            return value
        raise _NotPlain

    return read


def _any() -> _Read:
    return lambda value: value


def _json() -> _Read:
    def read(value: Any) -> Any:
        kind = type(value)
        if kind is list:
            return [read(item) for item in value]
        if kind is dict and all(map(_is_plain_text, value)):
            return {key: read(item) for key, item in value.items()}
        if value is None or kind in {bool, int, float} or _is_plain_text(value):
            return value
        raise _NotPlain

    return read


def _duration() -> _Read:
    def read(value: Any) -> timedelta:
        length = duration(value) if type(value) is str else None
        if length is None or length > LONGEST:
            raise _NotPlain
        return length

    return read


def _list(item: _Read) -> _Read:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is list:
            return tuple(map(item, value))
        raise _NotPlain

    return read


def _dict(key: _Read, item: _Read) -> _Read:
    def read(value: Any) -> dict[Any, Any]:
        if type(value) is dict:
            return {key(name): item(each) for name, each in value.items()}
        raise _NotPlain

    return read


def _null(inner: _Read) -> _Read:
    return lambda value: None if value is None else inner(value)


def _either(first: _Read, second: _Read) -> _Read:
    def read(value: Any) -> Any:
        try:
            return first(value)
        except _NotPlain:
            return second(value)

    return read


def _checked(inner: _Read, is_right: Callable[[Any], bool]) -> _Read:
    def read(value: Any) -> Any:
        result = inner(value)
        if is_right(result):
            return result
        raise _NotPlain

    return read


def _of_length(inner: _Read, least: int, most: int) -> _Read:
    return _checked(inner, lambda items: least <= len(items) <= most)


_OF_SHAPES: Mapping[str, Callable[..., _Read]] = {
    "list": _list,
    "dict": _dict,
    "null": _null,
    "either": _either,
}
_OF_VALUES: Mapping[str, Callable[..., _Read]] = {
    "any": _any,
    "bool": _bool,
    "duration": _duration,
    "float": _float,
    "int": _int,
    "json": _json,
    "number": _number,
    "one of": _one_of,
    "text": _text,
    "written like": _written_like,
}
_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "distinct": lambda distance: distance >= SHORTEST_DISTANCE,
    "once": lambda items: len(set(items)) == len(items),
    "short": lambda delay: delay <= LONGEST_DELAY,
}
