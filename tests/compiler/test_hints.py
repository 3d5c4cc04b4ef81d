"""Habits of other languages: each is told what this language calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiler.projects import compiled


def hints(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(found.code, found.hint) for found in compiled(root, files)[1]]


@pytest.mark.parametrize(
    ("field", "code", "hint"),
    [
        ("{type: enm}", "bad-type", "did you mean 'enum'?"),
        ("{type: String}", "bad-type", "did you mean 'string'?"),
        ("{type: text}", "bad-type", "write string"),
        ("{type: varchar(255)}", "bad-type", "write string"),
        ("{type: date-time}", "bad-type", "write datetime"),
        ("{type: array}", "bad-type", "write list[T]"),
        ("{type: list}", "bad-type", "write list[T]"),
        ("{type: dict}", "bad-type", "write dict[string, T]"),
        ("{type: 'Optional[int]'}", "bad-type", "write T | null"),
        ("{type: 'int?'}", "bad-type", "write int | null"),
        ("{type: 'int[]'}", "bad-type", "write list[int]"),
        ("{type: int | None}", "bad-type", "write int | null"),
        ("{type: [string, 'null']}", "bad-shape", "write string | null"),
        ("{type: {$ref: '#/components/schemas/Book'}}", "bad-shape", "write the name of the model: Book"),
        (
            "{type: int, required: true}",
            "unknown-key",
            "every field is required, unless it says optional: true",
        ),
        ("{type: int, nullable: true}", "unknown-key", "write type: T | null"),
        ("{type: string, enum: [a]}", "unknown-key", "write type: enum, values: [a, b]"),
        ("{type: string, maxLength: 3}", "unknown-key", "did you mean 'max_length'?"),
        ("{type: int, minimum: 3}", "unknown-key", "write ge: the least value"),
        ("{type: string, format: email}", "unknown-key", "the format is the type here, such as type: email"),
        ("{type: 'list[int]', items: int}", "unknown-key", "write type: list[T]"),
        ("{$ref: Book}", "unknown-key", "the name of the model is the type, such as type: Address"),
        ("{type: int, default: null}", "bad-default", "allow it with type: … | null"),
        ("{type: int, optional: no}", "bad-shape", "write false"),
        ("{type: int, ge: '1'}", "bad-shape", "write the number without quotes"),
        ("int", "bad-shape", "write {type: int}"),
        ("", "bad-shape", "write {type: …}"),
    ],
)
def test_a_habit_in_a_field_is_told_what_to_write(field: str, code: str, hint: str, tmp_path: Path) -> None:
    models = f"models:\n  Book:\n    fields:\n      id: {field}\n"
    assert hints(tmp_path, {"shared/spec/models.yaml": models}) == [(code, hint)]


@pytest.mark.parametrize(
    ("operation", "code", "hint"),
    [
        ("{rest: {method: post}}", "bad-value", "did you mean 'POST'?"),
        ("{rest: POST}", "bad-shape", "write {method: POST}"),
        ("{rest: {method: POST, url: /books}}", "unknown-key", "write path"),
        ("{method: POST}", "unknown-key", "write rest: {method: …, path: …}"),
        ("{rest: {method: POST}, responses: {}}", "unknown-key", "write output"),
        (
            "{rest: {method: POST}, params: {limit: {type: int}}}",
            "bad-shape",
            "write a list, each item beginning with '- ': - name: limit",
        ),
    ],
)
def test_a_habit_in_an_operation_is_told_what_to_write(
    operation: str, code: str, hint: str, tmp_path: Path
) -> None:
    domain = f"domain: books\noperations:\n  act: {operation}\n"
    assert hints(tmp_path, {"services/shop/spec/books.yaml": domain}) == [(code, hint)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("models:\n  Book:\n    description: a: b\n", "quote a text that has ': ' in it"),
        ("models:\n\tBook: {}\n", "YAML forbids tabs there: use spaces"),
        ("models: {Book: {fields: {id: {type: list[int]}}}\n", "close the brace"),
    ],
)
def test_a_slip_of_yaml_is_told_with_its_cure(text: str, hint: str, tmp_path: Path) -> None:
    ((code, told),) = hints(tmp_path, {"shared/spec/models.yaml": text})
    assert code == "yaml-syntax"
    assert hint in told
