"""Generated classes of a system, and JSON that they write."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from framework.generators import schemas
from framework.system import Field, System
from framework.types import Algebra, Scalar, fold

ABSENT = object()


def classes(system: System) -> Mapping[str, type[BaseModel]]:
    """The classes that are generated for the schemas of a system."""
    module = ModuleType("schemas_under_test")
    text = next(iter(schemas.generate(system))).text
    sys.modules[module.__name__] = module  # where Pydantic looks for names in annotations
    exec(compile(text, "schemas.py", "exec"), module.__dict__)  # noqa: S102 - what is generated is under test
    return {schema.name: getattr(module, schema.name) for schema in system.schemas}


def payloads(system: System, schema: str, model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """JSON that a class accepts, each varying one field through all that might be accepted or refused."""
    fields = next(each.fields for each in system.schemas if each.name == schema)
    enums = {enum.name: [value for _, value in enum.members] for enum in system.enums}
    candidates = {field.name: [*_candidates(field, enums), ABSENT] for field in fields}
    plain = {
        name: next(value for value in found if _fits(model, name, value))
        for name, found in candidates.items()
    }
    for name, found in candidates.items():
        for value in found:
            payload = {key: each for key, each in {**plain, name: value}.items() if each is not ABSENT}
            if _errors(model, payload) == []:
                yield payload


def _fits(model: type[BaseModel], name: str, value: object) -> bool:
    payload = {} if value is ABSENT else {name: value}
    return all(loc[0] != name for loc in _errors(model, payload))


def _errors(model: type[BaseModel], payload: Mapping[str, object]) -> list[tuple[int | str, ...]]:
    try:
        model.model_validate_json(json.dumps(payload))
    except ValidationError as error:
        return [item["loc"] for item in error.errors()]
    return []


def _candidates(field: Field, enums: Mapping[str, list[str]]) -> list[Any]:
    algebra: Algebra[list[Any]] = Algebra(
        scalar=lambda scalar: _SCALARS[scalar],
        list=lambda items: [[], *([item] for item in items), *_several(items)],
        set=lambda items: [[], *([item] for item in items), *_several(items)],
        dict=lambda values: [{}, *({"a": value} for value in values), {"a": values[0], "b": values[-1]}],
        nullable=lambda inner: [*inner, None],
        schema=lambda _: [{"size": 1}, {"size": 2, "parts": [{"size": 3}]}, {"size": 2, "parts": []}],
        enum=lambda name: enums[name],
        page=lambda items: [{"items": items, "next_cursor": None}],
    )
    found = fold(field.type, algebra)
    return [*found, None] if field.nullable else found


def _several(items: list[Any]) -> Iterator[list[Any]]:
    for count in range(2, 6):
        yield items[:count]


_NUMBERS = [5, 1, 2, 3, 0, -1, 6, 9, 10, 11, 12, 2**62]
_TEXTS = ["abc", "", "a", "ab", "ABC", "a1", "new", "12", *("a" * length for length in (7, 8, 9, 10))]

_SCALARS: Mapping[Scalar, list[Any]] = {
    Scalar.INT: _NUMBERS,
    Scalar.FLOAT: [0.5, 2.5, -0.5, 10.5, 1e300, *map(float, _NUMBERS)],
    Scalar.DECIMAL: ["1.5", "10.5", "0.001", "-0.5", *map(str, _NUMBERS), *_NUMBERS],
    Scalar.BOOL: [True, False],
    Scalar.STRING: [*_TEXTS, "\u00e9", "2024-01-01", "x" * 300],
    Scalar.BYTES: ["YWJj", "", "YQ==", "YWJjZGVmZ2hpag=="],
    Scalar.DATE: ["2024-01-31"],
    Scalar.TIME: ["12:30:00"],
    Scalar.DATETIME: ["2024-01-31T12:30:00Z", "2024-01-31T00:00:00"],
    Scalar.DURATION: ["PT1H", "P3D"],
    Scalar.UUID: ["6f1c9e0a-6c1f-4c1e-9d0e-2f4f5a6b7c8d"],
    Scalar.EMAIL: ["ada@example.org", "a@b.example"],
    Scalar.URL: ["https://example.org/a", "http://example.org"],
    Scalar.JSON: [{}, 1, "a", None, [1, {"a": None}], True, 2.5],
}
