"""The JSON Schemas for editors refuse the mistakes of shape that the compiler refuses, and nothing else.

`UPDATE_CASES=1 pytest tests/generators/test_editor_schemas.py` renders them from the models of the specs.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from framework import reader
from framework.diagnostics import Diagnostics
from framework.editor_schemas import FILES, render
from framework.generators.editor_schemas import FOLDER, NAMES, generate
from framework.generators.templating import TEMPLATES
from framework.load import load
from framework.resolve import resolve
from tests.compiler.projects import sound
from tests.generators.cases import CASES, ROOT

OF_SHAPE = {"unknown-key", "missing-key", "bad-shape"}
PARTLY_OF_SHAPE = {"bad-value", "not-supported"}
UNREAD = {
    "file-name",
    "yaml-syntax",
    "yaml-feature",
    "duplicate-key",
    "not-utf8",
    "too-deep",
    "unreadable-file",
}

PLACE = re.compile(r"^(\S+?)(?::\d+)*: error\[([a-z0-9-]+)\]", re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_the_text_is_that_of_the_models(name: str) -> None:
    path = TEMPLATES / "schemas" / name
    if os.environ.get("UPDATE_CASES"):
        path.write_text(render(FILES[name]), "utf-8")
    assert path.read_text("utf-8") == render(FILES[name])


def test_there_are_no_others() -> None:
    assert {path.name for path in (TEMPLATES / "schemas").iterdir()} == set(FILES)


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft202012Validator]:
    """A validator for each kind of file, with the names of a project."""
    system = resolve(*load(CASES / "language" / "specs"))
    contents = {Path(file.path).name: json.loads(file.text) for file in generate(system)}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in contents.items()
    )
    for schema in contents.values():
        Draft202012Validator.check_schema(schema)
    return {name.partition(".")[0]: Draft202012Validator(contents[name], registry=registry) for name in FILES}


def kind_of(path: str) -> str:
    """Which schema an editor uses for a file."""
    if path == "services.yml":
        return "services"
    if path.startswith("services/"):
        return "domain"
    return "models" if "models" in path else "events"


def errors(validators: dict[str, Draft202012Validator], root: Path, path: Path) -> list[str]:
    """What a validator says of a spec."""
    diagnostics = Diagnostics()
    name = path.relative_to(root).as_posix()
    read = reader.read(path, name, diagnostics)
    assert read
    _, data = read
    validator = validators[kind_of(name)]
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def specs_of(root: Path) -> Iterator[Path]:
    """The specs of a project."""
    yield from (path for path in (root / "services.yml",) if path.is_file())
    for pattern in ("shared/spec/*.yaml", "shared/spec/*/*.yaml", "services/*/spec/*.yaml"):
        yield from sorted(path for path in root.glob(pattern) if path.is_file())


def mistaken(folder: Path) -> dict[str, set[str]]:
    """The codes that a case shows, by file."""
    found: dict[str, set[str]] = {}
    said = (folder / "stderr.txt").read_text("utf-8") if (folder / "stderr.txt").exists() else ""
    for path, code in PLACE.findall(said):
        found.setdefault(path, set()).add(code)
    return found


EVERY_SPEC = [
    (folder, path)
    for folder in sorted(CASES.iterdir())
    if (folder / "specs").is_dir()
    for path in specs_of(folder / "specs")
    if not mistaken(folder).get(path.relative_to(folder / "specs").as_posix(), set()) & UNREAD
]
"""Every spec of every case that the compiler reads."""


@pytest.mark.parametrize(
    ("folder", "path"),
    EVERY_SPEC,
    ids=[f"{folder.name}/{path.relative_to(folder / 'specs')}" for folder, path in EVERY_SPEC],
)
def test_a_schema_refuses_what_the_compiler_refuses_for_its_shape(
    validators: dict[str, Draft202012Validator], folder: Path, path: Path
) -> None:
    root = folder / "specs"
    codes = mistaken(folder).get(path.relative_to(root).as_posix(), set())
    found = errors(validators, root, path)

    assert bool(found) == bool(codes & OF_SHAPE) or codes & PARTLY_OF_SHAPE, (codes, found)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("services", {"version": 1, "services": []}),
        ("services", {"version": 2, "services": [{"name": "a", "type": "python-fastapi", "port": 0}]}),
        ("services", {"version": 2, "services": [{"name": "a", "type": "fastapi"}]}),
        ("events", {"events": {"a.b": {"message": "A", "retention": "72 hours"}}}),
        ("events", {"events": {"a.b": {"message": "A", "kind": "other"}}}),
        ("domain", {"domain": "a", "operations": {"b": {"rest": {"method": "GTE"}}}}),
        ("domain", {"domain": "a", "operations": {"b": {"rest": {"method": "GET", "status": 404}}}}),
    ],
)
def test_a_schema_refuses_values(
    validators: dict[str, Draft202012Validator], kind: str, data: dict[str, Any]
) -> None:
    assert list(validators[kind].iter_errors(data))


def test_names_of_the_project_are_offered(tmp_path: Path) -> None:
    system = sound(
        tmp_path,
        {
            "shared/spec/models.yaml": """
            models:
              User:
                fields: {id: {type: int, readonly: true}, name: {type: string}}
                variants: {Create: {}, Read: {}}
            """,
            "shared/spec/events.yaml": "events: {user.created: {message: UserRead, external: true}}\n",
            "services/shop/spec/users.yaml": """
            domain: users
            operations:
              add: {input: UserCreate, rest: {method: POST, path: /a}, errors: {NameTaken: 409}}
              note: {input: UserRead, events: {subscribe: user.created}}
            """,
        },
    )
    (text,) = [file.text for file in generate(system) if file.path == f"{FOLDER}/{NAMES}"]
    names = {kind: found["enum"] for kind, found in json.loads(text)["$defs"].items()}

    assert names["error"] == ["Conflict", "Invalid", "NameTaken", "NotFound", "PreconditionFailed"]
    assert names["event"] == ["user.created"]
    assert names["operation"] == ["shop.add"]
    assert names["service"] == ["shop", "postgres", "redis"]
    assert names["schema"] == ["User", "UserCreate", "UserRead", "OperationFailed"]
    assert {"int", "json", "enum", "User", "UserRead", "list[UserRead]"} <= set(names["type"])


def test_every_spec_of_the_template_names_its_schema() -> None:
    template = ROOT / "template"
    specs = [path for path in template.glob("s*/**/spec/**/*.yaml") if ".framework" not in path.parts]
    for path in [template / "services.yml.jinja", *specs]:
        relative = path.relative_to(template).as_posix().removesuffix(".jinja")
        first = path.read_text("utf-8").partition("\n")[0]
        up = "../" * (relative.count("/"))
        here = "../" * (relative.count("/") - 2) if relative.startswith("shared/spec/") else None
        folder = f"{here}.schema" if here is not None else f"{up}{FOLDER}"
        assert first == f"# yaml-language-server: $schema={folder}/{kind_of(relative)}.schema.json", relative
    assert len(specs) == 7
