from __future__ import annotations

import pytest

from framework.generators.python_types import plain, validated
from framework.resolve.type_text import TypeMistake, parse
from framework.types import SchemaType, Type


def lookup(name: str) -> Type | None:
    return SchemaType(name) if name in {"User", "UserRead"} else None


@pytest.mark.parametrize(
    ("text", "as_plain", "as_validated"),
    [
        ("int", "int", "Int64"),
        ("integer", "int", "Int64"),
        ("str", "str", "Text"),
        ("number", "float", "FiniteFloat"),
        ("email", "str", "CheckedEmail"),
        ("date", "dt.date", "CalendarDate"),
        ("duration", "dt.timedelta", "StorableDuration"),
        ("json", "JsonValue", "StorableJson"),
        ("UserRead", "UserRead", "UserRead"),
        (" list[ User ]", "list[User]", "list[User]"),
        ("list[dict[string, int | null]] | null", "list[dict[str, int | None]] | None", None),
        ("set[uuid]", "set[UUID]", "set[UUID]"),
        ("int | null | null", "int | None", "Int64 | None"),
    ],
)
def test_a_type_is_read_and_rendered(text: str, as_plain: str, as_validated: str | None) -> None:
    type_ = parse(text, lookup)
    assert not isinstance(type_, TypeMistake)
    assert plain(type_).text == as_plain
    if as_validated:
        assert validated(type_).text == as_validated


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("list[Usr]", "Usr"),
        ("list", ""),
        ("list[int", ""),
        ("int]", "]"),
        ("dict[int, int]", "int"),
        ("dict[string]", "]"),
        ("int | string", "string"),
        ("null", "null"),
        ("Optional[int]", "Optional"),
        ("int; import os", ";"),
        ("list[" * 40 + "int" + "]" * 40, "list"),
        ("", ""),
    ],
)
def test_a_mistake_names_its_characters(text: str, meant: str) -> None:
    mistake = parse(text, lookup)
    assert isinstance(mistake, TypeMistake)
    assert text[mistake.start : mistake.end] == meant


def test_only_the_imports_that_an_annotation_needs_are_named() -> None:
    type_ = parse("list[dict[string, datetime]]", lookup)
    assert not isinstance(type_, TypeMistake)
    assert plain(type_).imports == {"import datetime as dt"}
