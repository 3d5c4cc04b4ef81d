"""`types.ts` says what services really read and write."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from framework.files import has_banner
from framework.generators.typescript import generate
from framework.runtime.errors import OperationError
from tests.compiler.projects import sound
from tests.generators.cases import CASES, FOLDERS, NAMES
from tests.generators.typescript_types import Module

GENERATED = "expected/shared/shared/generated"

THING = {
    "name": "Lamp",
    "price": "1.50",
    "made_on": "2026-01-31",
    "lasts": "P1DT2H",
    "code": "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b",
    "contact": "ada@example.org",
    "page": "https://example.org/",
    "sizes": [1, 2],
}
FULL = {
    **THING,
    "colours": ["red"],
    "opens_at": "12:30:00",
    "extra": {"any": [1, None]},
    "matrix": [{"a": 1, "b": None}],
    "maker": {"owner": {"knows": [{"knows": []}], "works_at": {}}},
}
READ = {"id": 1, "added_at": "2026-01-31T12:30:00Z", "parts": []}

ANSWERS: list[tuple[str, Mapping[str, Any]]] = [
    ("ThingRead", THING | READ),
    ("ThingRead", FULL | READ | {"parts": [THING | READ]}),
    ("ThingName", {"id": 1, "name": "Lamp"}),
    ("Company", {}),
    ("Company", {"owner": {"knows": []}}),
    ("Case", {"number": 1}),
    ("Case", {"number": 1, "opened": "2026-01-31T12:30:00Z"}),
    ("OperationFailed", {"operation": "a", "code": "b", "message": "c", "event_id": None, "time": 0}),
]
"""What services write, told by what makes it; some of it is left to defaults."""

REQUESTS: list[tuple[str, str, Mapping[str, Any]]] = [
    ("ThingCreate", "ThingCreate", THING),
    ("ThingCreate", "ThingCreate", FULL | {"picture": "__4APw=="}),
    ("ThingUpdate", "ThingUpdate", {}),
    ("ThingUpdate", "ThingUpdate", {"name": "Lamp", "colours": None}),
    ("Company", "CompanyInput", {}),
    ("Person", "PersonInput", {"knows": []}),
]


def load(path: Path) -> ModuleType:
    """Import the schemas of a case."""
    spec = importlib.util.spec_from_file_location(f"schemas_of_{path.parents[4].name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def schemas() -> ModuleType:
    return load(CASES / "language" / GENERATED / "schemas.py")


@pytest.fixture(scope="module")
def types() -> Module:
    return Module((CASES / "language" / GENERATED / "types.ts").read_text("utf-8"))


@pytest.mark.parametrize(("name", "data"), ANSWERS)
def test_what_a_service_writes_has_its_type(
    schemas: ModuleType, types: Module, name: str, data: Mapping[str, Any]
) -> None:
    message: BaseModel = getattr(schemas, name).model_validate(data)
    written = json.loads(message.model_dump_json())

    assert types.misfits(name, written) == []
    for key in written:
        assert types.misfits(name, {k: v for k, v in written.items() if k != key})


@pytest.mark.parametrize(("name", "type_", "data"), REQUESTS)
def test_what_has_the_type_is_read(
    schemas: ModuleType, types: Module, name: str, type_: str, data: Mapping[str, Any]
) -> None:
    getattr(schemas, name).model_validate_json(json.dumps(data))

    assert types.misfits(type_, data) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_a_request_must_hold_what_pydantic_demands(folder: Path) -> None:
    generated = load(folder / GENERATED / "schemas.py")
    module = Module((folder / GENERATED / "types.ts").read_text("utf-8"))
    compared = 0
    for name in module.interfaces:
        answered = name.removesuffix("Input")
        has_form_of_its_own = name != answered or f"{name}Input" not in module.interfaces
        is_sent = name != answered or answered.endswith(("Create", "Update"))
        if has_form_of_its_own and is_sent:
            schema = getattr(generated, answered)
            fields = {field.alias or key: field for key, field in schema.model_fields.items()}
            demanded = {key for key, field in fields.items() if field.is_required()}
            properties = module.interfaces[name]
            assert {key for key, found in properties.items() if not found.is_optional} == demanded, name
            assert properties.keys() == fields.keys()
            compared += 1
    assert compared


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_schema_and_event_has_its_type(folder: Path) -> None:
    generated = load(folder / GENERATED / "schemas.py")
    text = (folder / GENERATED / "types.ts").read_text("utf-8")
    module = Module(text)
    local = [value for value in vars(generated).values() if isinstance(value, type)]
    classes = {value.__name__ for value in local if value.__module__ == generated.__name__}

    assert classes <= module.interfaces.keys() | module.enums.keys()
    assert {found.type for found in module.interfaces["EventMap"].values()} <= module.interfaces.keys()
    assert has_banner(text)


def test_the_codes_of_errors_are_those_of_the_exceptions(types: Module) -> None:
    errors = load(CASES / "language" / GENERATED / "errors.py")
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    codes = {each.code for each in classes if issubclass(each, OperationError) and each is not OperationError}

    assert types.enums["ErrorCode"] == codes


def text_of(root: Path, files: Mapping[str, str]) -> str:
    """The module of a project written in a test."""
    (file,) = generate(sound(root, files))
    return file.text


def test_descriptions_neither_end_comments_nor_become_tags(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        {
            "shared/spec/models.yaml": r"""
            models:
              Note:
                description: "Ends */ here.\n@deprecated not at all"
                fields:
                  text: {type: string, default: "*/ x", examples: ["a */ b"]}
            """
        },
    )

    assert text.count("*/") == text.count("/**")
    assert " @deprecated" not in text
    assert "@example" in text


def test_names_of_models_come_before_those_of_the_module(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        {
            "shared/spec/models.yaml": """
            models:
              Record: {fields: {parts: {type: "dict[string, int]", default: {}}}}
              RecordInput: {fields: {a: {type: Integer}}}
              Integer: {fields: {a: {type: int}}}
              EventMap: {fields: {a: {type: int}}}
            """,
            "shared/spec/events.yaml": "events: {record.kept: {message: Record}}\n",
            "services/shop/spec/records.yaml": """
            domain: records
            operations:
              keep: {input: Record, output: Record, rest: {method: POST, path: /a}}
              mix: {input: RecordInput, rest: {method: POST, path: /b}}
            """,
        },
    )

    names = set(Module(text).interfaces) | Module(text).aliases.keys()
    assert names == {
        *("Record", "RecordInput", "RecordInput_", "Integer", "Integer_", "EventMap", "EventMap_")
    }
    assert "  parts: { [key: string]: Integer_ };" in text
    assert "  parts?: { [key: string]: Integer_ };" in text


def test_a_project_without_models_has_a_module_all_the_same(tmp_path: Path) -> None:
    assert text_of(tmp_path, {}).endswith("\nexport {};\n")
