"""What the specs say of the operations stands in the OpenAPI document."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from framework.runtime.versions import EntityTag, IfMatch, IfNoneMatch
from services.shop.src.generated.app import create_app
from services.shop.src.generated.pages import LIST_SHELVES_ORDER


@pytest.fixture
def openapi(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nowhere.db")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9")
    return create_app().openapi()


def test_parameters_have_their_constraints(openapi: dict[str, Any]) -> None:
    parameters = openapi["paths"]["/things"]["get"]["parameters"]
    limit = next(parameter for parameter in parameters if parameter["name"] == "limit")

    assert limit["description"] == "How many."
    assert [limit["schema"][key] for key in ("minimum", "maximum", "default")] == [1, 100, 20]
    assert {parameter["name"] for parameter in parameters if parameter["required"]} == {"since", "codes"}


def test_fields_have_their_constraints(openapi: dict[str, Any]) -> None:
    update = openapi["components"]["schemas"]["ThingUpdate"]

    assert "required" not in update
    assert update["properties"]["name"]["minLength"] == 1
    assert update["properties"]["name"]["type"] == "string"
    assert {"type": "null"} in update["properties"]["colours"]["anyOf"]


def test_an_answer_without_output_has_no_body(openapi: dict[str, Any]) -> None:
    responses = openapi["paths"]["/things/renamed"]["post"]["responses"]

    assert "content" not in responses["202"]


def test_a_list_in_pages_has_its_parameters_and_its_answer(openapi: dict[str, Any]) -> None:
    operation = openapi["paths"]["/shelves"]["get"]

    found = {parameter["name"]: parameter for parameter in operation["parameters"]}
    assert {key: found["limit"]["schema"][key] for key in ("minimum", "maximum", "default")} == {
        "minimum": 1,
        "maximum": 50,
        "default": 2,
    }
    assert not found["cursor"]["required"]
    assert found["cursor"]["schema"]["type"] == "string"
    last = SimpleNamespace(added_at=datetime.now(UTC), id=7)
    assert re.search(found["cursor"]["schema"]["pattern"], LIST_SHELVES_ORDER.cursor(last))
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    page = openapi["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
    assert page["required"] == ["items", "next_cursor"]


def test_versions_are_described(openapi: dict[str, Any]) -> None:
    paths = openapi["paths"]
    read, change = (paths["/shelves/{shelf_id}"][method] for method in ("get", "patch"))

    assert read["parameters"][-1]["name"] == "if-none-match"
    assert "ETag" in read["responses"]["200"]["headers"]
    assert "content" not in read["responses"]["304"]
    assert {parameter["name"] for parameter in change["parameters"]} >= {"if-match"}
    assert {"404", "412", "428"} <= change["responses"].keys()
    assert "ETag" in change["responses"]["200"]["headers"]
    assert "ETag" in paths["/shelves"]["post"]["responses"]["201"]["headers"]


CONDITIONS = ('"1"', "*", 'W/"1"', '"1", "2"', '"1","2"', ', "1",,W/"x" ,', '"a,b"', '""', '"\xfc"')
NO_CONDITIONS = ("", "1", '"1', '"1" "2"', "**", 'w/"1"', 'W/ "1"', '"a b"', ",", '"1", *', '"\u0100"')


def test_conditions_have_a_pattern_and_an_example(openapi: dict[str, Any]) -> None:
    """So contract tests send what is read, and learn what a stale tag is answered with."""
    methods = openapi["paths"]["/shelves/{shelf_id}"]

    for method, name, condition in (("get", "if-none-match", IfNoneMatch), ("patch", "if-match", IfMatch)):
        schema = next(each["schema"] for each in methods[method]["parameters"] if each["name"] == name)
        takes = Draft202012Validator(schema).is_valid
        assert schema["anyOf"][1]["examples"] == [EntityTag(1)]
        assert [text for text in CONDITIONS if not takes(text)] == []
        assert [text for text in NO_CONDITIONS if takes(text)] == []
        assert all(condition.parse(text) for text in CONDITIONS)
        for text in NO_CONDITIONS:
            with pytest.raises(ValueError, match="entity tags"):
                condition.parse(text)
