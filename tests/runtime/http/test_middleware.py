"""What stands around requests: only what a setting asks for, in a known order, and what each of it does."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from framework.runtime import routing
from framework.runtime.correlation import request_id
from framework.runtime.errors import NotFound
from framework.runtime.http_client import HttpClient
from framework.runtime.logging import LogSettings, configure
from framework.runtime.middleware import stack
from framework.runtime.middleware.settings import MiddlewareSettings
from framework.runtime.settings import load
from framework.runtime.telemetry.watching import TelemetrySettings, start_telemetry

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
SITE = "https://shop.example.org"
router = APIRouter()


@router.get("/things/{thing_id}")
async def show(thing_id: int) -> dict[str, str | None]:
    logging.getLogger("controller").info("shown")
    return {"request": request_id()}


@router.get("/missing")
async def miss() -> None:
    raise NotFound("there is none")


@router.get("/broken")
async def fail() -> None:
    raise ZeroDivisionError


def application(router: APIRouter = router) -> FastAPI:
    app = FastAPI()
    routing.install_problem_handlers(app)
    stack.install(app, load(MiddlewareSettings), start_telemetry("shop", "redis", load(TelemetrySettings)))
    routing.install(app, router)
    return app


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Runs the application with settings."""

    @asynccontextmanager
    async def running(router: APIRouter = router, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        transport = httpx.ASGITransport(application(router), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            yield client

    return running


def names(app: FastAPI) -> list[str]:
    return [middleware.cls.__name__ for middleware in app.user_middleware]  # type: ignore[attr-defined]


def test_what_is_off_is_not_there() -> None:
    assert names(application()) == ["BodyLimit"]


def test_the_order_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "REQUEST_ID": "on",
        "ACCESS_LOG": "on",
        "METRICS": "on",
        "CORS_ORIGINS": SITE,
    }.items():
        monkeypatch.setenv(name, value)

    assert names(application()) == [
        "RequestId",
        "AccessLog",
        "MeasuredRequests",
        "CORSMiddleware",
        "BodyLimit",
    ]


async def test_a_request_has_the_name_that_the_caller_gave(serve: Serve) -> None:
    async with serve(REQUEST_ID="on") as client:
        answer = await client.get("/things/1", headers={"x-request-id": "abc-1.2"})

    assert answer.headers.get_list("x-request-id") == ["abc-1.2"]
    assert answer.json() == {"request": "abc-1.2"}


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, 'a"b', "é"])
async def test_a_name_that_is_none_is_replaced(serve: Serve, given: str) -> None:
    async with serve(REQUEST_ID="on") as client:
        first, second = [
            await client.get("/things/1", headers={b"x-request-id": given.encode()}) for _ in range(2)
        ]

    assert re.fullmatch("[0-9a-f]{32}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize(("path", "status"), [("/missing", 404), ("/broken", 500), ("/nothing", 404)])
async def test_a_refusal_tells_the_name(serve: Serve, path: str, status: int) -> None:
    async with serve(REQUEST_ID="on") as client:
        answer = await client.get(path, headers={"x-request-id": "abc"})

    assert (answer.status_code, answer.headers.get_list("x-request-id")) == (status, ["abc"])
    assert answer.json()["request_id"] == "abc"


async def test_what_is_asked_of_others_has_the_name_too(serve: Serve) -> None:
    asked: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers)
        return httpx.Response(204)

    async def ask() -> None:
        async with HttpClient("http://other", transport=httpx.MockTransport(answer)) as other:
            await other.request("GET", "/", idempotent=True)

    router = APIRouter()
    router.add_api_route("/asking", ask)
    async with serve(router, REQUEST_ID="on") as client:
        await client.get("/asking", headers={"x-request-id": "abc"})
    await ask()

    assert [headers.get("x-request-id") for headers in asked] == ["abc", None]


async def test_no_request_has_a_name_unless_asked_for(serve: Serve) -> None:
    async with serve() as client:
        shown = await client.get("/things/1", headers={"x-request-id": "abc"})
        missing = await client.get("/missing")

    assert "x-request-id" not in shown.headers
    assert shown.json() == {"request": None}
    assert "request_id" not in missing.json()


async def test_every_line_of_a_request_has_its_name(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    configure("shop", LogSettings(log_format="json"))
    async with serve(REQUEST_ID="on", ACCESS_LOG="on") as client:
        await client.get("/things/1?secret=x", headers={"x-request-id": "abc"})
    inner, access = (
        line
        for line in map(json.loads, capsys.readouterr().err.splitlines())
        if line["logger"] in {"controller", "framework.access"}
    )

    assert (inner["message"], inner["request_id"]) == ("shown", "abc")
    told = {name: access[name] for name in ("request_id", "method", "path", "route", "status", "bytes")}
    assert told == {
        "request_id": "abc",
        "method": "GET",
        "path": "/things/1",
        "route": "/things/{thing_id}",
        "status": 200,
        "bytes": len('{"request":"abc"}'),
    }
    assert access["duration_ms"] > 0
    assert "secret" not in json.dumps(access)


async def test_a_failure_is_told_as_what_it_is_answered_with(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("shop", LogSettings())
    async with serve(ACCESS_LOG="on") as client:
        await client.get("/broken")

    assert "framework.access: GET /broken 500 in " in capsys.readouterr().err


async def test_browsers_of_a_named_site_may_call(serve: Serve) -> None:
    asked = {"origin": SITE, "access-control-request-method": "PUT", "access-control-request-headers": "x-a"}
    async with serve(CORS_ORIGINS=f"https://other.example.org, {SITE}", CORS_CREDENTIALS="on") as client:
        before = await client.options("/things/1", headers=asked)
        answer = await client.get("/things/1", headers={"origin": SITE})
        stranger = await client.get("/things/1", headers={"origin": "https://evil.example.org"})

    assert before.status_code == 200
    assert before.headers["access-control-allow-headers"] == "x-a"
    assert before.headers["access-control-max-age"] == "600"
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"CORS_ORIGINS": "shop.example.org"}, "CORS_ORIGINS: 'shop.example.org' is no origin. Write"),
        ({"CORS_ORIGINS": f"{SITE}/"}, f"CORS_ORIGINS: '{SITE}/' is no origin. Write"),
        ({"CORS_ORIGINS": SITE, "CORS_METHODS": "GET POST"}, "CORS_METHODS: 'GET POST' cannot be one. Write"),
        ({"CORS_ORIGINS": "*", "CORS_CREDENTIALS": "on"}, "CORS_CREDENTIALS: would let every site"),
        ({"REQUEST_ID": "please"}, "REQUEST_ID: "),
    ],
)
def test_a_malformed_setting_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str], told: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit):
        load(MiddlewareSettings)

    assert capsys.readouterr().err.startswith(told)
