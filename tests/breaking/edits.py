"""A project with one model of everything, and random changes of that model."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from framework.breaking.version import Version, read_version

Fields = dict[str, dict[str, Any]]

FIELDS: Fields = {
    "id": {"type": "int", "readonly": True},
    "count": {"type": "int", "ge": 1, "le": 10},
    "ratio": {"type": "float", "gt": 0, "default": 0.5},
    "price": {"type": "decimal", "ge": 0},
    "active": {"type": "bool", "default": True},
    "name": {"type": "string", "min_length": 1, "max_length": 8},
    "code": {"type": "string", "pattern": "^[a-z]+$", "optional": True},
    "born": {"type": "date", "optional": True},
    "seen": {"type": "datetime", "readonly": True},
    "key": {"type": "uuid"},
    "mail": {"type": "email", "optional": True},
    "state": {"type": "enum", "values": ["new", "old", "gone"], "default": "new"},
    "more": {"type": "json", "optional": True},
    "tags": {"type": "list[string]", "max_items": 3, "default": []},
    "marks": {"type": "set[int]", "min_items": 1},
    "sizes": {"type": "dict[string, int | null]"},
    "part": {"type": "Part"},
    "parts": {"type": "list[Part]", "optional": True},
    "secret": {"type": "string", "writeonly": True},
}

TYPES = [
    *("int", "float", "decimal", "bool", "string", "bytes", "date", "datetime", "duration", "uuid", "email"),
    *("url", "json", "Part", "int | null", "string | null", "list[int]", "list[string]", "set[string]"),
    *(
        "set[int]",
        "dict[string, int]",
        "dict[string, float | null]",
        "list[int | null]",
        "list[Part]",
        "enum",
    ),
]

LIMITS: dict[str, list[Any]] = {
    **{name: [-1, 0, 1, 2, 3, 9, 10, 11] for name in ("ge", "gt", "le", "lt")},
    "multiple_of": [1, 2, 3, 6],
    "min_length": [0, 1, 2],
    "max_length": [2, 7, 8, 9],
    "pattern": ["^[a-z]+$", "^[a-z]", "^.*$"],
    "min_items": [0, 1, 2],
    "max_items": [2, 3, 4],
}


def project(root: Path, fields: Fields) -> Version:
    """Write a project of which the model has these fields, and read it."""
    models = {
        "Record": {
            "fields": fields,
            "variants": {"Create": {}, "Update": {"optional": "all"}, "Read": {}},
        },
        "Part": {"fields": {"size": {"type": "int"}, "parts": {"type": "list[Part]", "optional": True}}},
    }
    files: dict[str, Any] = {
        "services.yml": {"version": 2, "services": [{"name": "desk", "type": "python-fastapi"}]},
        "shared/spec/models.yaml": {"models": models},
        "shared/spec/events.yaml": {"events": {"record.changed": {"message": "RecordRead"}}},
        "services/desk/spec/records.yaml": {"domain": "records", "operations": _OPERATIONS},
    }
    for name, tree in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(copy.deepcopy(tree), sort_keys=False), encoding="utf-8")
    return read_version(root)


_OPERATIONS = {
    "create_record": {
        "input": "RecordCreate",
        "output": "RecordRead",
        "rest": {"method": "POST", "path": "/records"},
        "events": {"publish_on_success": "record.changed"},
    },
    "update_record": {
        "input": "RecordUpdate",
        "output": "RecordUpdate",
        "rest": {"method": "PATCH", "path": "/records"},
    },
}


def edited(fields: Fields, chance: random.Random) -> Fields:
    """The fields with one change."""
    found = copy.deepcopy(fields)
    chance.choice(_EDITS)(found, chance)
    return found


def _retype(fields: Fields, chance: random.Random) -> None:
    name = chance.choice(list(fields))
    kept = {key: value for key, value in fields[name].items() if key in {"optional", "readonly", "writeonly"}}
    fields[name] = {"type": chance.choice(TYPES), **kept}
    if fields[name]["type"] == "enum":
        fields[name]["values"] = ["new", "12"]


def _limit(fields: Fields, chance: random.Random) -> None:
    field, limit = fields[chance.choice(list(fields))], chance.choice(list(LIMITS))
    field.pop("default", None)
    if limit in field and chance.random() < 0.3:
        del field[limit]
    else:
        field[limit] = chance.choice(LIMITS[limit])


def _flag(fields: Fields, chance: random.Random) -> None:
    field, flag = fields[chance.choice(list(fields))], chance.choice(["optional", "readonly", "writeonly"])
    field[flag] = not field.get(flag, False)


def _default(fields: Fields, chance: random.Random) -> None:
    field = fields[chance.choice(list(fields))]
    if field.pop("default", None) is None:
        field["default"] = chance.choice([1, 2.5, "new", "a", [], None, {}])


def _add(fields: Fields, chance: random.Random) -> None:
    fields["added"] = {"type": chance.choice(TYPES[:13]), "optional": chance.random() < 0.5}


def _remove(fields: Fields, chance: random.Random) -> None:
    del fields[chance.choice(list(fields))]


def _values(fields: Fields, chance: random.Random) -> None:
    if fields["state"]["type"] == "enum":
        fields["state"]["values"] = chance.choice([["new", "old"], ["new", "old", "gone", "lost"], ["new"]])


_EDITS: list[Callable[[Fields, random.Random], None]] = [
    *(_retype, _retype, _retype, _limit, _limit, _limit, _flag, _default, _add, _remove, _values)
]
