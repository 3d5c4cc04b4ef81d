"""The plain reader reads what Pydantic's models read, to the same values, and nothing else.

`UPDATE_CASES=1 pytest tests/compiler/test_plain_spec.py` renders its table from the models.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from framework import naming
from framework.diagnostics import Diagnostics
from framework.plain_shapes import render
from framework.plain_spec import SHAPES, PlainSpecs
from framework.reader import read
from framework.spec.base import Spec
from framework.spec.events import EventsFile
from framework.spec.models import ModelsFile
from framework.spec.operations import DomainFile
from framework.spec.services import ServicesFile
from tests.generators.cases import CASES, FOLDERS, copy_specs

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3.0, 0.5, 250, 450, 2**70, float("nan"), float("inf")),
    *(
        "",
        "a",
        "GET",
        "path",
        "all",
        "redis",
        "node",
        "app",
        "5m",
        "2d",
        "1ms",
        "9999d",
        "512Mi",
        "A_B",
        "a b",
    ),
    *("a\nb", "a\x00", "\ud800", "ä", "\u2028", "x" * 101, "x" * 201, "x" * 301, "x" * 20_000),
    *([], [None], ["a"], ["a", "a"], ["5m"], ["5m", "2d"], ["1s"] * 11, ["app"], [1], [["a"]], [{}]),
    *({}, {"a": "b"}, {"a": 404}, {"a": {}}, {1: "a"}, {"a": None}, {"a": [1, {"b": "\x00"}]}),
    *({"delays": ["1s"]}, {"memory": "1Gi", "cpu": 1}, {"only": None}, {"type": "int", "min_length": 1}),
)


def _model(path: Path) -> type[Spec]:
    if path.name == "services.yml":
        return ServicesFile
    if "services" in path.parts:
        return DomainFile
    return ModelsFile if "models" in path.with_suffix("").parts else EventsFile


def _specs(case: str) -> Iterator[tuple[type[Spec], Any]]:
    for path in sorted(
        [*CASES.glob(f"{case}/specs/services.yml"), *CASES.glob(f"{case}/specs/**/spec/**/*.yaml")]
    ):
        root = next(parent for parent in path.parents if parent.name == "specs")
        name = path.relative_to(root)
        if found := read(path, name.as_posix(), Diagnostics()):
            yield _model(name), found[1]


def _said(value: Any) -> Any:
    """A value with its types, and which keys were given."""
    if hasattr(value, "model_fields_set"):
        fields = [(name, _said(each)) for name, each in value.__dict__.items()]
        return "spec", fields, set(value.model_fields_set)
    if isinstance(value, tuple | list):
        return type(value), [_said(each) for each in value]
    if isinstance(value, dict):
        return dict, [(name, _said(each)) for name, each in value.items()]
    return type(value), repr(value)


def _changed(data: Any) -> Iterator[None]:
    """Each part of `data` replaced in turn by odd values, and taken out, in place."""
    for key in list(data) if isinstance(data, dict) else range(len(data) if isinstance(data, list) else 0):
        kept = data[key]
        for odd in ODD_VALUES:
            data[key] = odd
            yield
        data[key] = kept
        if isinstance(data, dict):
            del data[key]
            data["unknown"] = kept
            yield
            del data["unknown"]
            yield
            data[key] = kept
        yield from _changed(kept)


def _agree(model: type[Spec], data: Any) -> bool:
    """Whether a file is plain; if it is, the model must say the same."""
    plain = PlainSpecs().read(model.__name__, data)
    if plain is not None:
        assert _said(plain) == _said(model.model_validate(data))
    return plain is not None


def test_the_table_is_that_of_the_models() -> None:
    if os.environ.get("UPDATE_CASES"):
        SHAPES.write_text(render(), "utf-8")
    assert SHAPES.read_text("utf-8") == render()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_sound_projects_say_is_plain(folder: Path) -> None:
    assert all(_agree(model, data) for model, data in _specs(folder.name))


def test_what_others_say_is_no_other_than_the_models_say() -> None:
    for model, data in _specs("*"):
        _agree(model, data)


@pytest.mark.parametrize("model", [ServicesFile, ModelsFile, EventsFile, DomainFile])
def test_what_is_odd_is_no_other_than_the_models_say(model: type[Spec]) -> None:
    data = EXAMPLES[model]
    assert _agree(model, data)
    assert sum(_agree(model, data) for _ in _changed(data)) > 50


EXAMPLES: dict[type[Spec], Any] = {
    ServicesFile: {
        "version": 2,
        "services": [
            {
                "name": "a",
                "type": "python",
                "description": "",
                "database": False,
                "depends_on": {"redis": "service_healthy"},
                "calls": ["b.c"],
                "publishes": ["d"],
                "port": 1,
                "internet": True,
                "public": True,
                "replicas": 1,
                "profiles": ["ab"],
                "resources": {"cpu": 1, "memory": "1Gi"},
                "secrets": ["A"],
                "custom": ["app"],
            }
        ],
        "events": {"broker": "redis", "stream_prefix": "a"},
    },
    ModelsFile: {
        "models": {
            "A": {
                "description": "",
                "fields": {
                    "a": {
                        "type": "int",
                        "ge": 0,
                        "gt": 0.5,
                        "le": 1,
                        "lt": 1,
                        "multiple_of": 1,
                        "min_length": 1,
                        "max_length": 1,
                        "pattern": "a",
                        "min_items": 0,
                        "max_items": 1,
                        "values": ["a"],
                        "description": "a",
                        "default": {"a": [1]},
                        "optional": True,
                        "readonly": True,
                        "writeonly": False,
                        "deprecated": True,
                        "examples": [1, [2]],
                    }
                },
                "variants": {"Read": {"exclude": ["a"], "only": ["a"], "optional": "all"}},
            }
        }
    },
    EventsFile: {
        "events": {
            "a.b": {
                "message": "A",
                "description": "a",
                "key": "a",
                "kind": "notification",
                "retention": "5d",
                "external": True,
            }
        }
    },
    DomainFile: {
        "domain": "a",
        "config": {"rest": {"prefix": "/a", "tags": ["a"]}},
        "operations": {
            "b": {
                "description": "a",
                "input": "A",
                "output": "B",
                "versioned": True,
                "errors": {"C": 404},
                "params": [
                    {"name": "a", "type": "int", "source": "query", "default": 1, "required": True, "ge": 1}
                ],
                "rest": {"method": "GET", "path": "/b", "status": 200},
                "events": {
                    "subscribe": "a",
                    "publish_on_success": "b",
                    "publish_on_error": "c",
                    "message_model": "A",
                    "retry": {"delays": ["1s", "5m"]},
                },
                "schedule": {"cron": "* * * * *", "every": "5m", "timezone": "UTC"},
                "paginate": {"key": "a", "then": "b", "max": 5, "default": 5},
                "publishes": ["a"],
                "deprecated": True,
                "transaction": False,
                "idempotent": True,
            }
        },
    },
}


def test_the_names_of_pydantic_are_those_that_it_has() -> None:
    members = {name for name in dir(BaseModel) if not name.startswith("_")}
    assert members == naming.PYDANTIC_MEMBERS
    assert {name for name in dir(type(BaseModel)) if not name.startswith("_")} == naming.METACLASS_MEMBERS


def test_a_sound_project_is_generated_without_pydantic(tmp_path: Path) -> None:
    root = copy_specs(CASES / "users_example", tmp_path)
    script = (
        "import sys; from pathlib import Path; from framework.plan import plan; plan(Path(sys.argv[1]));"
        "assert not {'pydantic', 'pydantic_core'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, str(root)], check=True)
