"""Texts and decimals of the specs: what no database could store is refused at the door."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from framework.runtime.schema import Schema
from framework.runtime.types import Decimal15, NotNull, Storable, Text

TEXT: TypeAdapter[str] = TypeAdapter(Text)
DECIMAL: TypeAdapter[Decimal] = TypeAdapter(Decimal15)


class Note(Schema):
    """As generated for fields with limits."""

    title: Annotated[str, Field(min_length=2, max_length=5, pattern="^[^;]*$"), Storable()] = "ab"
    text: Annotated[str | None, Field(max_length=5), Storable()] = None
    patch: Annotated[str | None, NotNull(), Field(min_length=2), Storable()] = None


def mistake(**fields: Any) -> str:
    """The kind of the one mistake of a note."""
    with pytest.raises(ValidationError) as caught:
        Note.model_validate(fields)
    (error,) = caught.value.errors()
    return error["type"]


@pytest.mark.parametrize("text", ["", "Ødegård 👋", "\u2028"])
def test_text_goes_through_unchanged(text: str) -> None:
    assert TEXT.validate_python(text) == text


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udc00b"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(text)


def test_limits_of_a_text_are_told_as_characters() -> None:
    assert mistake(title="a") == "string_too_short"
    assert mistake(title="abcdef") == "string_too_long"
    assert mistake(title="a;b") == "string_pattern_mismatch"
    assert mistake(text="abcdef") == "string_too_long"
    assert mistake(patch="a") == "string_too_short"
    assert mistake(patch=None) == "string_type"
    assert Note(title="žofie", text=None).text is None


@pytest.mark.parametrize("field", ["title", "text", "patch"])
@pytest.mark.parametrize("text", ["a\0b", "ab\ud800"])
def test_a_text_with_limits_can_be_stored_too(field: str, text: str) -> None:
    assert mistake(**{field: text}) in {"value_error", "string_unicode"}


def test_limits_of_a_text_are_in_its_json_schema() -> None:
    properties = Note.model_json_schema()["properties"]
    assert properties["title"] == {
        "default": "ab",
        "maxLength": 5,
        "minLength": 2,
        "pattern": "^[^;]*$",
        "title": "Title",
        "type": "string",
    }
    assert properties["text"]["anyOf"] == [{"maxLength": 5, "type": "string"}, {"type": "null"}]
    assert properties["patch"] == {"minLength": 2, "title": "Patch", "type": "string"}


@pytest.mark.parametrize("number", ["999999999999999", "-0.000000000000001", "9999999999999.99", "1E14"])
def test_a_decimal_has_fifteen_digits_and_comes_through_a_double(number: str) -> None:
    value = DECIMAL.validate_python(number)

    assert value == Decimal(number)
    assert Decimal(f"{float(value):.15g}") == value


@pytest.mark.parametrize("number", ["1000000000000000", "1.000000000000001", "1E15", "NaN", "Infinity"])
def test_a_decimal_that_a_double_could_not_hold_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        DECIMAL.validate_python(number)
