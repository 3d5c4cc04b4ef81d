"""Every answer to a bad request is a problem document with a 4xx status, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query
from pydantic import Field

from framework.runtime.echo import echo
from framework.runtime.errors import Conflict, Invalid, NotFound
from framework.runtime.routing import install, install_problem_handlers
from framework.runtime.schema import Schema
from framework.runtime.transport import BrokerUnavailable
from framework.runtime.types import Int64, Text
from framework.testkit import serve


class Box(Schema):
    name: Annotated[Text, Field(min_length=1, max_length=50)]
    size: Int64 = 0
    weight: float = 0
    parts: list[Int64] = Field(default_factory=list)


def create_router() -> APIRouter:
    router = APIRouter()

    @router.post("/boxes", status_code=201)
    async def create(payload: Box) -> Box:
        return payload

    @router.get("/boxes/{box_id}")
    async def get(box_id: Int64, limit: Annotated[Int64, Query(ge=1, le=100)] = 20, name: Text = "") -> Box:
        return Box(name=name or "x", size=box_id)

    @router.get("/errors/{kind}")
    async def fail(kind: str) -> Box:
        match kind:
            case "missing":
                raise NotFound("there is no box 7")
            case "taken":
                raise Conflict("half a pair: \ud800")
            case "senseless":
                raise Invalid("a box in itself")
            case "outage":
                raise RuntimeError("secret") from BrokerUnavailable("secret")
            case _:
                raise RuntimeError("secret")

    return router


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = FastAPI(max_body_size=1_000_000)
    install_problem_handlers(app)
    install(app, create_router())
    async with serve(app) as address:
        yield address


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


BAD_BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "no object": b"[]",
    "null": b"null",
    "a number": b"1",
    "missing": b"{}",
    "unknown field": b'{"name": "x", "is_admin": true}',
    "null where none may be": b'{"name": null}',
    "NUL": b'{"name": "a\\u0000b"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "lone surrogate as a key": b'{"\\udc00": 1, "name": "x"}',
    "lone surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "invalid bytes": b"\xff\xfe\xfd",
    "too long": b'{"name": "' + b"x" * 100_000 + b'"}',
    "integer above 64 bits": b'{"name": "x", "size": 9223372036854775808}',
    "integer below 64 bits": b'{"name": "x", "size": -9223372036854775809}',
    "integer of 1000 digits": b'{"name": "x", "size": ' + b"9" * 1000 + b"}",
    "integer of 10000 digits": b'{"name": "x", "size": ' + b"9" * 10_000 + b"}",
    "float without end": b'{"name": "x", "weight": 1e999}',
    "NaN": b'{"name": "x", "weight": NaN}',
    "Infinity for an integer": b'{"name": "x", "size": Infinity}',
    "NaN in an unknown field": b'{"name": "x", "other": [NaN, -Infinity]}',
    "float for an integer": b'{"name": "x", "size": 1.5}',
    "depth": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "many errors": b'{"name": "x", "parts": [' + b'"a",' * 5000 + b'"a"]}',
    "text for a list": b'{"name": "x", "parts": "a"}',
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_a_bad_body_is_a_problem_of_the_client(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/boxes", content=body, headers={"content-type": "application/json"})
    assert_problem(response, {400, 422})


BAD_PATHS = [
    "/boxes/x",
    "/boxes/9223372036854775808",
    "/boxes/" + "9" * 5000,
    "/boxes/%00",
    "/boxes/%ff%fe",
    "/boxes/%ed%a0%80",
    "/boxes/1.5",
    "/boxes/1?limit=0",
    "/boxes/1?limit=1e3",
    "/boxes/1?limit=" + "9" * 5000,
    "/boxes/1?limit=%ff",
    "/boxes/1?limit",
    "/boxes/1?name=%00",
    "/boxes/1?name=%ed%a0%80%00",
    "/nowhere",
    "/boxes/1/2",
    "/%F0%9F%99%82",
]


@pytest.mark.parametrize("path", BAD_PATHS)
async def test_a_bad_path_is_a_problem_of_the_client(client: httpx.AsyncClient, path: str) -> None:
    assert_problem(await client.get(path), {404, 422})


@pytest.mark.parametrize(
    "head",
    [
        b"GET /boxes/\xff\xfe HTTP/1.1\r\n",
        b"GET /boxes/1?limit=\xff HTTP/1.1\r\n",
        b"POST /boxes HTTP/1.1\r\ncontent-type: \xff/\xfe\r\ncontent-length: 1\r\n",
        b"POST /boxes HTTP/1.1\r\ncontent-type: application/json; charset=\xff\r\ncontent-length: 1\r\n",
        b"POST /boxes HTTP/1.1\r\ncontent-length: x\r\n",
    ],
)
async def test_a_bad_head_is_a_problem_of_the_client(address: str, head: bytes) -> None:
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(head + b"host: x\r\nconnection: close\r\n\r\n{")
    answer = await reader.read()
    writer.close()
    assert 400 <= int(answer.split()[1]) < 500, answer


async def test_another_content_type_and_another_method_are_problems(client: httpx.AsyncClient) -> None:
    plain = await client.post("/boxes", content=b'{"name": "x"}', headers={"content-type": "text/plain"})
    assert_problem(plain, {415, 422})
    deleted = await client.delete("/boxes")
    assert_problem(deleted, {405})
    assert deleted.headers["allow"] == "POST"
    assert deleted.json()["code"] == "http-405"


@pytest.mark.parametrize(
    ("content_type", "reason"),
    [
        ("text/plain", "Its Content-Type is text/plain: JSON is sent as application/json"),
        (None, "It has no Content-Type: JSON is sent as application/json"),
    ],
)
async def test_a_body_that_is_not_read_as_json_is_told_why(
    client: httpx.AsyncClient, content_type: str | None, reason: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.post("/boxes", content=b'{"name": "x"}', headers=headers)
    (error,) = response.json()["detail"]
    assert (response.status_code, error["type"], error["loc"]) == (422, "model_attributes_type", ["body"])
    assert (error["input"], error["ctx"]) == ('{"name": "x"}', {"reason": reason})

    json = await client.post("/boxes", content=b'"x"', headers={"content-type": "application/json"})
    assert (json.status_code, "ctx" in json.json()["detail"][0]) == (422, False)


async def test_a_body_beyond_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/boxes", content=b'"' + b"x" * 1_000_001 + b'"')
    assert response.status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    assert (await client.post("/boxes", content=chunks())).status_code == 413


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("missing", 404, "not-found"), ("taken", 409, "conflict"), ("senseless", 422, "invalid")],
)
async def test_what_a_controller_refuses_is_told(
    client: httpx.AsyncClient, kind: str, status: int, code: str
) -> None:
    response = await client.get(f"/errors/{kind}")
    problem = assert_problem(response, {status})
    assert problem["code"] == code
    assert problem["detail"]


async def test_a_wrong_address_is_told_from_a_missing_thing(
    client: httpx.AsyncClient,
) -> None:
    assert_problem(await client.get("/nowhere"), {404})
    assert (await client.get("/nowhere")).json()["code"] == "http-404"
    assert (await client.get("/errors/missing")).json()["code"] == "not-found"


@pytest.mark.parametrize(("kind", "status"), [("bug", 500), ("outage", 503)])
async def test_what_fails_inside_stays_inside_and_is_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, kind: str, status: int
) -> None:
    response = await client.get(f"/errors/{kind}")
    assert_problem(response, {status})
    assert "secret" not in response.text
    assert "secret" in caplog.text


async def test_what_is_not_valid_is_named_in_fastapis_own_form(client: httpx.AsyncClient) -> None:
    response = await client.post("/boxes", json={"name": "", "size": "many"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/json"
    name, size = response.json()["detail"]
    assert (name["loc"], size["loc"]) == (["body", "name"], ["body", "size"])
    assert size["input"] == "many"
    assert size["type"] == "int_parsing"
    assert size["msg"].startswith("Input should be a valid integer")


async def test_a_good_request_is_answered_as_it_should_be(client: httpx.AsyncClient) -> None:
    box = {"name": "Ящик 🙂", "size": 2**63 - 1, "weight": 0.5, "parts": [-(2**63)]}
    response = await client.post("/boxes", json=box)
    assert (response.status_code, response.json()) == (201, box)


async def test_the_api_document_tells_of_what_is_not_valid(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    refused = document["paths"]["/boxes"]["post"]["responses"]["422"]
    assert refused["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/HTTPValidationError"
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**63, str(2**63)),
        pytest.param(10**5000, "an integer of 16610 bits", id="huge"),
        (float("nan"), "nan"),
        (b"\xff", "\ufffd"),
        ([[[[1]]]], [[["…"]]]),
        ({"a": list(range(20))}, {"a": list(range(10))}),
        ("x" * 201, "x" * 200 + "…"),
        (None, None),
        (True, True),
    ],
)
def test_an_echo_is_what_json_can_hold(value: Any, shown: Any) -> None:
    assert echo(value) == shown
    json.dumps(echo(value), allow_nan=False)


def assert_problem(response: httpx.Response, statuses: set[int]) -> dict[str, Any]:
    assert response.status_code in statuses, response.text
    assert len(response.content) < 20_000
    problem: dict[str, Any] = response.json()
    if isinstance(problem.get("detail"), list):
        assert response.status_code == 422
        return problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["title"]
    return problem
