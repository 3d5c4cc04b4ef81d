from __future__ import annotations

from pathlib import Path

import pytest

from framework.system import Field, Schema, System
from tests.compiler.projects import sound

MODELS = """
    models:
      User:
        fields:
          id: {type: int, readonly: true}
          name: {type: string}
          role: {type: enum, values: [admin, "3d view"], default: admin}
          email: {type: email, optional: true}
          nick: {type: string | null}
          password: {type: string, writeonly: true}
        variants:
          Create: {}
          Update: {optional: all}
          Read: {}
          Patch: {optional: [name, role]}
          Brief: {only: [id, name]}
          Public: {exclude: [email, password]}
"""


def schemas(system: System) -> dict[str, Schema]:
    return {schema.name: schema for schema in system.schemas}


def rules(schema: Schema) -> dict[str, str]:
    """What a field may be: required, absent, null, and the default after `=`."""
    return {field.name: rule(field) for field in schema.fields}


def rule(field: Field) -> str:
    words = ["required" if field.required else "absent"]
    if field.nullable:
        words.append("null")
    if field.has_default:
        words.append(f"={field.default}")
    return " ".join(words)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "UserCreate",
            {
                "name": "required",
                "role": "absent =admin",
                "email": "absent null =None",
                "nick": "absent null =None",
                "password": "required",
            },
        ),
        (
            "UserUpdate",
            {
                "name": "absent",
                "role": "absent",
                "email": "absent null =None",
                "nick": "absent null =None",
                "password": "absent",
            },
        ),
        (
            "UserRead",
            {
                "id": "required",
                "name": "required",
                "role": "absent =admin",
                "email": "absent null =None",
                "nick": "absent null =None",
            },
        ),
        (
            "UserPatch",
            {
                "id": "required",
                "name": "absent",
                "role": "absent",
                "email": "absent null =None",
                "nick": "absent null =None",
                "password": "required",
            },
        ),
        ("UserBrief", {"id": "required", "name": "required"}),
        (
            "UserPublic",
            {"id": "required", "name": "required", "role": "absent =admin", "nick": "absent null =None"},
        ),
    ],
)
def test_each_variant_has_its_fields_as_its_rules_say(
    tmp_path: Path, name: str, expected: dict[str, str]
) -> None:
    found = schemas(sound(tmp_path, {"shared/spec/models.yaml": MODELS}))
    assert rules(found[name]) == expected


def test_a_model_with_variants_has_a_class_of_its_own_only_if_something_refers_to_it(tmp_path: Path) -> None:
    assert "User" not in schemas(sound(tmp_path, {"shared/spec/models.yaml": MODELS}))
    team = "models:\n  Team:\n    fields:\n      members: {type: 'list[User]'}\n"
    found = schemas(sound(tmp_path, {"shared/spec/models/team.yaml": team}))
    assert {"User", "Team"} <= found.keys()


def test_an_enum_is_one_class_however_many_variants_have_it(tmp_path: Path) -> None:
    system = sound(tmp_path, {"shared/spec/models.yaml": MODELS})
    assert [(enum.name, enum.members) for enum in system.enums] == [
        ("UserRole", (("ADMIN", "admin"), ("VALUE_3D_VIEW", "3d view")))
    ]


def test_an_enum_of_one_model_can_be_a_field_of_another(tmp_path: Path) -> None:
    other = "models:\n  Guest:\n    fields:\n      role: {type: UserRole, default: admin}\n"
    system = sound(tmp_path, {"shared/spec/models.yaml": MODELS, "shared/spec/models/guest.yaml": other})
    assert [enum.name for enum in system.enums] == ["UserRole"]


def test_a_long_chain_of_models_takes_no_recursion(tmp_path: Path) -> None:
    chain = "".join(f"  M{n}: {{fields: {{next: {{type: M{n + 1}}}}}}}\n" for n in range(3000))
    last = "  M3000: {fields: {id: {type: int}}}\n"
    sound(tmp_path, {"shared/spec/models.yaml": f"models:\n{chain}{last}"})
