"""The types of the specs mean the same in every database and on every wire."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from pydantic import EmailStr, Field, ValidationError

from framework.runtime.errors import Conflict, Invalid, NotFound, OperationError
from framework.runtime.schema import Schema, decode
from framework.runtime.types import Int64, NotNull, Text


class Patch(Schema):
    """As generated for a variant with `optional: all`."""

    name: Annotated[Text | None, NotNull(), Field(min_length=2, max_length=5)] = None
    age: Annotated[Int64 | None, NotNull(), Field(ge=0)] = None
    tags: Annotated[list[Text] | None, NotNull()] = None
    email: EmailStr | None = None
    photo: Annotated[bytes | None, NotNull()] = None
    weight: Annotated[float | None, NotNull()] = None


def refused(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Patch.model_validate_json(json.dumps(fields))
    (problem,) = caught.value.errors()
    return str(problem["msg"])


def test_absent_and_null_are_told_apart() -> None:
    assert Patch.model_validate_json("{}").model_dump(exclude_unset=True) == {}
    assert Patch.model_validate_json('{"email": null}').model_dump(exclude_unset=True) == {"email": None}
    assert "valid string" in refused(name=None)
    assert "valid integer" in refused(age=None)
    assert "valid array" in refused(tags=None)


def test_a_field_that_may_be_absent_keeps_its_constraints() -> None:
    assert "at least 2" in refused(name="x")
    assert "at most 5" in refused(name="xxxxxx")
    assert "greater than or equal to 0" in refused(age=-1)
    assert Patch(name="žofie", age=2**63 - 1).age == 2**63 - 1


def test_its_json_schema_is_that_of_the_type() -> None:
    properties = Patch.model_json_schema()["properties"]
    assert properties["name"] == {"maxLength": 5, "minLength": 2, "title": "Name", "type": "string"}
    assert properties["tags"]["items"] == {"type": "string"}
    assert properties["email"]["default"] is None
    assert Patch.model_json_schema(mode="serialization")["properties"] == properties


def test_what_is_absent_is_not_written_as_null(recwarn: pytest.WarningsRecorder) -> None:
    assert Patch(name="ann").model_dump_json() == '{"name":"ann","email":null}'
    assert decode(Patch, Patch(email=None).model_dump_json()) == Patch()
    assert Patch().model_dump() == {"email": None}
    assert not recwarn.list


def test_not_null_stands_at_a_nullable_type_only() -> None:
    with pytest.raises(TypeError, match="marks a type with"):

        class Wrong(Schema):
            name: Annotated[str, NotNull()]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_an_integer_has_64_bits(number: int) -> None:
    assert "should be" in refused(age=number)


def test_text_has_no_nul() -> None:
    assert "NUL" in refused(name="a\0b")
    assert "NUL" in refused(tags=["\0"])


def test_json_has_no_infinite_numbers() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Patch.model_validate_json('{"weight": NaN}')


def test_bytes_survive_the_wire() -> None:
    photo = bytes(range(256))
    assert Patch.model_validate_json(Patch(photo=photo).model_dump_json()).photo == photo


def test_requests_refuse_what_they_do_not_know_and_messages_ignore_it() -> None:
    assert "Extra inputs" in refused(nickname="a")
    assert decode(Patch, b'{"age": 1, "nickname": "a"}').age == 1
    assert decode(list[Patch], b'[{"nickname": "a"}]') == [Patch()]
    with pytest.raises(ValidationError):
        decode(Patch, b"{")


class HTTPTimeoutError(OperationError):
    """Has a code made from its name."""


class EmailTaken(Conflict):
    """Has a code made from its name."""


class Gone(OperationError):
    """Has a code of its own."""

    status = 410
    code = "gone-for-good"


def test_errors_have_a_status_and_a_code() -> None:
    found = {
        error: (error.status, error.code)
        for error in (NotFound, Conflict, Invalid, EmailTaken, HTTPTimeoutError, Gone)
    }
    assert found == {
        NotFound: (404, "not-found"),
        Conflict: (409, "conflict"),
        Invalid: (422, "invalid"),
        EmailTaken: (409, "email-taken"),
        HTTPTimeoutError: (400, "http-timeout-error"),
        Gone: (410, "gone-for-good"),
    }
    assert str(EmailTaken("taken")) == EmailTaken("taken").message == "taken"
