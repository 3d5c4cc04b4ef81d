"""The OpenAPI document says what a service takes and answers, where FastAPI would say more or less."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Query
from pydantic import Field

from framework.runtime import routing
from framework.runtime.openapi import describe_refusals
from framework.runtime.schema import Schema
from framework.runtime.types import (
    Base64Bytes,
    CalendarDate,
    Decimal15,
    Int64,
    LocalTime,
    StorableDuration,
    StrictInt64,
)


class Thing(Schema):
    count: StrictInt64
    pages: Annotated[StrictInt64, Field(ge=1, le=1000)]
    step: Annotated[StrictInt64 | None, Field(gt=0, lt=100, multiple_of=5)]
    price: Decimal15
    opens: LocalTime
    lasts: StorableDuration
    picture: bytes
    sizes: set[Int64]


router = APIRouter()


@router.post("/things")
async def add(payload: Thing, day: CalendarDate | None = None, limit: Int64 = 1) -> Thing:
    return payload


@router.get("/things")
async def find(price: Annotated[Decimal15 | None, Query(ge=Decimal(1))] = None) -> list[Base64Bytes]:
    return []


@router.put("/pictures")
async def keep(payload: Annotated[Base64Bytes, Body()]) -> None: ...


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = FastAPI()
    routing.install(app, router)
    describe_refusals(app)
    return app.openapi()


def parameter(document: dict[str, Any], method: str, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = document["paths"]["/things"][method]["parameters"]
    schema: dict[str, Any] = next(each["schema"] for each in found if each["name"] == name)
    schema.pop("title", None)
    return schema


def test_a_parameter_is_not_null_and_a_decimal_one_number(document: dict[str, Any]) -> None:
    assert parameter(document, "post", "day") == {"type": "string", "format": "date"}
    assert parameter(document, "post", "limit") == {"type": "integer", "format": "int64", "default": 1}
    assert parameter(document, "get", "price") == {"type": "number", "minimum": 1}


def test_values_look_as_they_are_read(document: dict[str, Any]) -> None:
    (name,) = (each for each in document["components"]["schemas"] if each in {"Thing", "Thing-Input"})
    fields = document["components"]["schemas"][name]["properties"]

    assert fields["count"] == {"type": "integer", "format": "int64", "title": "Count"}
    assert fields["pages"] == {"type": "integer", "minimum": 1, "maximum": 1000, "title": "Pages"}
    assert fields["step"]["anyOf"][0] == {
        "type": "integer",
        "format": "int64",
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 100,
        "multipleOf": 5,
    }
    assert fields["opens"]["format"] == "time-local"
    assert "format" not in fields["lasts"]
    assert fields["picture"]["pattern"].startswith("^([A-Za-z0-9+/_-]{4})*")
    assert "uniqueItems" not in fields["sizes"]
    assert [option["type"] for option in fields["price"]["anyOf"]] == ["number", "string"]
    assert "pattern" in fields["price"]["anyOf"][1]


def test_what_has_a_body_may_be_refused_for_it(document: dict[str, Any]) -> None:
    assert {"400", "408", "413"} <= document["paths"]["/pictures"]["put"]["responses"].keys()
    assert set(document["paths"]["/things"]["get"]["responses"]) == {"200", "422"}
