"""The operations as another service calls them, with its generated client, over HTTP."""

import datetime as dt
import json
import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import AnyUrl

from framework.runtime.errors import OperationError
from framework.runtime.http_client import ClientError
from framework.testkit import published, serve
from services.courier.src.generated.clients.desk import DeskClient
from services.desk.src.generated.app import create_app
from shared.generated.errors import CaseExists, DeskClosed, Invalid
from shared.generated.events import MESSAGE_COPIED, broker
from shared.generated.schemas import (
    AliasedClass,
    AliasedCreate,
    AliasedKey,
    AliasedRead,
    AliasedUpdate,
    Case,
    CaseOpen,
    Defaults,
    DefaultsLevels,
    ShowDefaultsTheme,
)

CODE = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
async def address(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    async with serve(create_app()) as address:
        yield address


@pytest.fixture
async def desk(address: str) -> AsyncIterator[DeskClient]:
    async with DeskClient(address, max_retries=0) as client:
        yield client


@pytest.fixture
async def http(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


async def test_an_empty_list_is_refused_where_the_service_would_take_its_default(desk: DeskClient) -> None:
    with pytest.raises(ValueError, match="empty list"):
        await desk.show_defaults(x_code=CODE, marks=set())
    assert (await desk.show_defaults(x_code=CODE, marks={"c"})).marks == {"c"}


async def test_what_is_not_sent_has_its_default(desk: DeskClient) -> None:
    shown = await desk.show_defaults(x_code=CODE)

    assert shown == Defaults(
        count=0,
        price=Decimal("0.5"),
        title="a dark",
        since=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        lasts=dt.timedelta(hours=1),
        code=CODE,
        page=AnyUrl("https://example.org/"),
        extra={"numbers": [], "trace": "6fa459ea-ee8a-3ca4-894e-db77e160355e"},
        marks={"a", "b"},
        days={dt.date(2024, 2, 29)},
    )
    assert shown.levels == [DefaultsLevels.HIGH, DefaultsLevels.LOW]


async def test_headers_cookies_and_the_query_arrive_as_they_were_sent(desk: DeskClient) -> None:
    noon = dt.datetime(2026, 1, 2, 12, tzinfo=dt.timezone(dt.timedelta(hours=-2)))

    shown = await desk.show_defaults(
        x_code=CODE,
        x_day=dt.date(2026, 1, 2),
        x_trace="a: b",
        theme=ShowDefaultsTheme.LIGHT,
        visits=7,
        since=noon,
        price=Decimal("1.25"),
        marks={"c&d", "e"},
        numbers={3, 1},
    )

    assert (shown.day, shown.note, shown.title, shown.count) == (dt.date(2026, 1, 2), "a: b", "a light", 7)
    assert (shown.since, shown.price, shown.marks) == (noon, Decimal("1.25"), {"c&d", "e"})
    assert isinstance(shown.extra, dict)
    assert shown.extra["numbers"] == [1, 3]


@pytest.mark.parametrize("value", ["a\r\nx-day: 1", "ø", " a", "a\0"])
async def test_a_header_that_http_cannot_carry_is_told_before_it_is_sent(
    desk: DeskClient, value: str
) -> None:
    with pytest.raises(ValueError, match="the header x-trace takes visible ASCII"):
        await desk.show_defaults(x_code=CODE, x_trace=value)


async def test_headers_and_cookies_keep_their_constraints(http: httpx.AsyncClient) -> None:
    headers = {"x-code": str(CODE), "x-trace": "t" * 21, "cookie": "visits=-1; theme=pink"}

    answer = await http.get("/cases/defaults", headers=headers)

    assert answer.status_code == 422
    places = {tuple(each["loc"]): each["type"] for each in answer.json()["detail"]}
    assert places == {
        ("header", "x-trace"): "string_too_long",
        ("cookie", "visits"): "greater_than_equal",
        ("cookie", "theme"): "enum",
    }


async def test_words_of_python_are_names_on_the_wire(desk: DeskClient, http: httpx.AsyncClient) -> None:
    message = AliasedCreate(from_="ann", class_=AliasedClass.IMPORT, copy_=2, type="t", json_={"a": 1})

    sent = await desk.send_message(payload=message, class_="c", from_="f", session_=True, payload_=[1])

    assert sent.schema_ == "c f 1 True [1]"
    assert (sent.from_, sent.copy_, sent.json_) == ("ann", 2, {"a": 1})
    (event,) = await published(broker, MESSAGE_COPIED)
    assert json.loads(event.data) == {"from": "f", "copy": 2}
    assert event.partitionkey == "f"
    body = {"from": "ann", "type": "t", "class": "None"}
    answer = (await http.post("/messages/c", json=body, headers={"from": "f"})).json()
    assert answer["class"] == "None"
    assert answer["list"] == [1]
    assert not {name for name in answer if name.endswith("_")}


async def test_an_update_tells_absent_from_null(desk: DeskClient, http: httpx.AsyncClient) -> None:
    assert (await desk.change_message(payload=AliasedUpdate(json_=None))).schema_ == "json_"
    assert (await desk.change_message(payload=AliasedUpdate(from_="a", copy_=1))).schema_ == "copy_, from_"
    assert (await http.patch("/messages", json={"from": None})).status_code == 422


async def test_bytes_are_base64_outside_of_models_too(desk: DeskClient, http: httpx.AsyncClient) -> None:
    assert await desk.keep_pictures(payload={"b": b"\xff\xfe", "a": b"hi"}) == [b"hi", b"\xff\xfe"]
    # Of both alphabets; answers have that of URLs, as those of models have.
    answer = await http.post("/cases/pictures", json={"a": "//4=", "b": "__4="})
    assert answer.json() == ["__4=", "__4="]
    for wrong in ("*", "a", "ø"):
        assert (await http.post("/cases/pictures", json={"a": wrong})).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        '{"\\u0000": 1}',
        '{"\\ud800": 1}',
        '{"a": "\\u0000"}',
        '{"a": [{"\\udfff": 1}]}',
        '{"a": ["\\ud800"]}',
        '{"a": NaN}',
        '{"a": [1e999]}',
    ],
)
async def test_json_that_cannot_be_stored_or_sent_on_is_refused(http: httpx.AsyncClient, body: str) -> None:
    sent = {"content-type": "application/json"}
    assert (await http.post("/cases/notes", content=body, headers=sent)).status_code == 422
    kept = await http.post("/cases/notes", content='{"a": [null, {"b": "ø"}, 1.5]}', headers=sent)
    assert kept.json() == {"a": [None, {"b": "ø"}, 1.5]}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("since", "2024-01-01T00:00:00"),
        ("since", "0001-01-01T00:00:00+01:00"),
        ("since", "9999-12-31T23:59:59-01:00"),
        ("lasts", "P2932897D"),
        ("lasts", "-P719163D"),
    ],
)
async def test_times_that_no_column_holds_are_refused(http: httpx.AsyncClient, name: str, wrong: str) -> None:
    answer = await http.get("/cases/defaults", params={name: wrong}, headers={"x-code": str(CODE)})

    assert answer.status_code == 422
    assert [each["loc"] for each in answer.json()["detail"]] == [["query", name]]


def test_a_schema_is_made_from_the_attributes_of_another() -> None:
    read = AliasedRead(from_="ann", schema_="s", type="t", copy_=3)

    assert AliasedKey.model_validate(read) == AliasedKey(from_="ann", copy_=3)


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [
        (1, CaseExists, "There is a case 1."),
        (2, Invalid, "A case has an odd number."),
        (3, DeskClosed, "Come back tomorrow."),
    ],
)
async def test_the_client_raises_what_the_controller_raised(
    desk: DeskClient, number: int, error: type[OperationError], message: str
) -> None:
    with pytest.raises(error) as raised:
        await desk.open_case(payload=CaseOpen(number=number))

    assert type(raised.value) is error
    assert raised.value.message == message
    assert await desk.open_case(payload=CaseOpen(number=9)) == Case(number=9)


async def test_other_refusals_stay_those_of_the_client(desk: DeskClient) -> None:
    with pytest.raises(ClientError) as raised:
        await desk.open_case(payload=CaseOpen(number=4))

    assert (raised.value.status, raised.value.problem.code) == (404, "not-found")


async def test_a_deprecated_operation_is_told_to_callers_and_once_in_the_log(
    desk: DeskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "framework.runtime.deprecation"):
        for _ in range(2):
            with pytest.warns(DeprecationWarning, match=r"cases\.count_cases"):
                await desk.count_cases()  # type: ignore[deprecated, unused-ignore]

    told = [record.getMessage() for record in caplog.records if record.name.endswith("deprecation")]
    assert len(told) == 1
    assert told[0].startswith("cases.count_cases is deprecated")


@pytest.fixture
def openapi(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    return create_app().openapi()


def test_the_document_shows_what_an_operation_is_refused_with(openapi: dict[str, Any]) -> None:
    responses = openapi["paths"]["/cases"]["post"]["responses"]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}

    assert responses["409"] == {
        "description": "Refused: case-exists, conflict",
        "content": {"application/problem+json": problem},
    }
    assert responses["503"]["description"] == "Refused: desk-closed"
    assert responses["422"]["content"] == {
        "application/problem+json": problem,
        "application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}},
    }
    # Nothing of this request can be invalid.
    assert list(openapi["paths"]["/cases/count"]["get"]["responses"]["422"]["content"]) == [
        "application/problem+json"
    ]
    schemas = openapi["components"]["schemas"]
    assert {"Problem", "HTTPValidationError", "ValidationError"} <= schemas.keys()
    assert {"detail", "code", "status"} <= schemas["Problem"]["properties"].keys()


def test_the_document_shows_every_parameter_in_its_place(openapi: dict[str, Any]) -> None:
    operation = openapi["paths"]["/cases/defaults"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}

    places = {name: each["in"] for name, each in parameters.items() if each["in"] != "query"}
    assert places == {
        "x-code": "header",
        "x-day": "header",
        "x-trace": "header",
        "theme": "cookie",
        "visits": "cookie",
    }
    assert {name for name, each in parameters.items() if each["required"]} == {"x-code"}
    assert parameters["x-day"]["description"] == "The day."
    defaults = {name: each["schema"].get("default") for name, each in parameters.items()}
    assert defaults["x-day"] == "2024-02-29"
    assert defaults["theme"] == "dark"
    assert defaults["lasts"] == "PT1H"
    assert defaults["marks"] == ["b", "a"]
    assert defaults["price"] == "0.5"
    # What is given twice is taken once, and null cannot be given.
    assert parameters["numbers"]["schema"] == {
        "title": "Numbers",
        "type": "array",
        "items": {"type": "integer", "format": "int64"},
    }
    assert openapi["paths"]["/cases/count"]["get"]["deprecated"]
    aliased = openapi["paths"]["/messages/{class}"]["post"]["parameters"]
    assert {each["name"]: each["in"] for each in aliased} == {
        "class": "path",
        "session": "query",
        "payload": "query",
        "from": "header",
        "import": "cookie",
    }


def test_the_document_shows_the_default_of_every_type(openapi: dict[str, Any]) -> None:
    fields = openapi["components"]["schemas"]["Defaults"]["properties"]

    # FastAPI leaves a default of null to the type, which allows it.
    assert {name for name, field in fields.items() if "default" not in field} == {"note"}
    assert {name: fields[name]["default"] for name in ("price", "picture", "day", "until", "lasts")} == {
        "price": "9.90",
        "picture": "AP_-",
        "day": "2024-02-29",
        "until": "2024-12-31T23:59:59+01:30",
        "lasts": "P1DT2H",
    }
    assert fields["extra"]["default"] == {"a": [1, None, {"b": "c"}]}
    assert fields["levels"]["default"] == ["high", "low"]
    assert fields["marks"]["default"] == ["a", "b"]
    assert fields["steps"]["default"] == [["PT1M", None], []]
    assert fields["title"] == {
        "type": "string",
        "default": 'a "title"',
        "minLength": 1,
        "maxLength": 20,
        "pattern": "^a",
        "title": "Title",
    }
    aliased = openapi["components"]["schemas"]["AliasedCreate"]
    assert aliased["required"] == ["from", "type"]
    assert aliased["properties"]["from"]["description"] == "Who sent it."
