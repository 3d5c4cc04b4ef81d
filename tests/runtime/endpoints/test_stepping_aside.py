"""Where endpoints stand aside for FastAPI, and what of an application they leave as it is."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial

import fastapi
import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import HTTPException
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.responses import Response as StarletteResponse
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from framework.runtime.endpoints import OperationRouter, Request, Response, WireType
from framework.runtime.endpoints.application import Application
from framework.runtime.endpoints.installing import EndpointSettings
from framework.runtime.errors import NotFound
from framework.runtime.middleware.body_limit import BodyLimit
from framework.runtime.routing import install, install_problem_handlers
from framework.runtime.settings import load
from framework.runtime.telemetry.metrics.requests import MeasuredRequests, RequestMetrics
from framework.runtime.telemetry.watching import UNWATCHED
from framework.testkit import serve
from tests.runtime.endpoints.asgi import ask

INT = WireType(int)


class Boxes:
    """Who was asked for which box: the endpoint, or the route."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def create_router(self) -> OperationRouter:
        plain = APIRouter()

        @plain.get("/boxes/{box_id}")
        async def show_box(box_id: int) -> int:
            return self._find(box_id, "route")

        async def show_box_fast(request: Request) -> Response:
            return Response(200, INT.encode(self._find(request.path("box_id", INT), "endpoint")))

        router = OperationRouter()
        router.add(plain, {"show_box": show_box_fast})
        return router

    def _find(self, box_id: int, by: str) -> int:
        self.asked.append(by)
        if box_id == 404:
            raise NotFound("there is no such box")
        if box_id == 500:
            raise RuntimeError("secret")
        return box_id


@pytest.fixture
def boxes() -> Boxes:
    return Boxes()


@pytest.fixture(params=[FastAPI, Application, partial(Application, telemetry=UNWATCHED)])
def app(boxes: Boxes, request: pytest.FixtureRequest) -> FastAPI:
    """As anybody has it, and as a service has it, where endpoints stand in front of all middlewares."""
    app: FastAPI = request.param()
    app.add_middleware(BodyLimit)
    install_problem_handlers(app)
    install(app, boxes.create_router())
    return app


async def test_an_endpoint_answers(app: FastAPI, boxes: Boxes) -> None:
    assert (await ask(app, {"path": "/boxes/7"})).json() == 7
    assert boxes.asked == ["endpoint"]


async def test_what_is_not_valid_is_answered_by_fastapi_before_anybody_is_asked(
    app: FastAPI, boxes: Boxes
) -> None:
    answer = await ask(app, {"path": "/boxes/x"})

    assert answer.status == 422
    assert answer.json()["detail"][0]["loc"] == ["path", "box_id"]
    assert boxes.asked == []


async def test_dependency_overrides_lead_through_fastapi_until_they_are_gone(
    app: FastAPI, boxes: Boxes
) -> None:
    app.dependency_overrides[print] = print
    await ask(app, {"path": "/boxes/7"})
    app.dependency_overrides = {}
    await ask(app, {"path": "/boxes/7"})

    assert boxes.asked == ["route", "endpoint"]


async def refuse() -> None:
    raise HTTPException(401)


@pytest.mark.parametrize("is_installed_too", [False, True])
async def test_who_includes_the_router_with_dependencies_has_them_asked(
    boxes: Boxes, is_installed_too: bool
) -> None:
    app, router = FastAPI(), boxes.create_router()
    app.include_router(router, prefix="/v2", dependencies=[Depends(refuse)])
    app.include_router(router, prefix="/v3")
    if is_installed_too:
        install(app, router)

    assert (await ask(app, {"path": "/v2/boxes/7"})).status == 401
    assert boxes.asked == []
    assert (await ask(app, {"path": "/v3/boxes/7"})).status == 200
    assert boxes.asked == ["route"]


async def test_a_router_included_at_the_same_path_in_front_is_asked_first(boxes: Boxes) -> None:
    app, router = FastAPI(), boxes.create_router()
    app.include_router(router, dependencies=[Depends(refuse)])
    install(app, router)

    assert (await ask(app, {"path": "/boxes/7"})).status == 401


async def test_a_setting_turns_endpoints_off(boxes: Boxes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAST_ENDPOINTS", "off")
    app = FastAPI()
    install(app, boxes.create_router(), fast_endpoints=load(EndpointSettings).fast_endpoints)

    await ask(app, {"path": "/boxes/7"})

    assert boxes.asked == ["route"]


async def test_another_fastapi_is_not_trusted(
    boxes: Boxes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fastapi, "__version__", "0.171.0b1")
    app = FastAPI()
    with caplog.at_level(logging.WARNING):
        install(app, boxes.create_router())

    await ask(app, {"path": "/boxes/7"})

    assert boxes.asked == ["route"]
    assert "not tested with FastAPI 0.171.0b1" in caplog.text


async def test_middlewares_and_handlers_of_errors_see_what_they_always_saw(app: FastAPI) -> None:
    seen: list[tuple[str, int]] = []

    @app.middleware("http")
    async def note(
        request: StarletteRequest, call: Callable[[StarletteRequest], Awaitable[StarletteResponse]]
    ) -> StarletteResponse:
        answer = await call(request)
        seen.append((request.scope["route"].path, answer.status_code))
        return answer

    @app.exception_handler(NotFound)
    async def tell(request: StarletteRequest, error: NotFound) -> StarletteResponse:
        return JSONResponse({"of": request.path_params["box_id"], "said": str(error)}, 410)

    assert (await ask(app, {"path": "/boxes/7"})).status == 200
    assert (await ask(app, {"path": "/boxes/404"})).json() == {"of": "404", "said": "there is no such box"}
    assert (await ask(app, {"path": "/boxes/500"})).error == "RuntimeError"
    assert seen == [("/boxes/{box_id}", 200), ("/boxes/{box_id}", 410)]


async def test_a_failure_is_told_and_goes_on_to_the_server(app: FastAPI) -> None:
    answer = await ask(app, {"path": "/boxes/500"})

    assert (answer.status, answer.error) == (500, "RuntimeError")
    assert answer.json()["code"] == "internal"
    assert isinstance(app.middleware_stack, ServerErrorMiddleware)


async def test_after_a_failure_nobody_sends_the_next_request_into_a_closed_connection(app: FastAPI) -> None:
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        for _ in range(20):
            failed = await client.get("/boxes/500")
            assert (failed.status_code, failed.headers["connection"]) == (500, "close")
            assert (await client.get("/boxes/7")).is_success


async def test_only_what_fails_meets_the_middlewares_of_fastapi(
    boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []
    handle = ServerErrorMiddleware.__call__

    async def note(self: ServerErrorMiddleware, scope: Scope, receive: Receive, send: Send) -> None:
        met.append(scope["path"])
        await handle(self, scope, receive, send)

    monkeypatch.setattr(ServerErrorMiddleware, "__call__", note)
    app = Application(telemetry=UNWATCHED)
    app.add_middleware(BodyLimit)
    install(app, boxes.create_router())
    for path in ("/boxes/7", "/boxes/x", "/boxes/404", "/nowhere"):
        await ask(app, {"path": path})

    assert met == ["/boxes/x", "/boxes/404", "/nowhere"]
    assert boxes.asked == ["endpoint", "endpoint"]


async def test_an_application_may_be_a_part_of_another(app: FastAPI, boxes: Boxes) -> None:
    outer = FastAPI(routes=[Mount("/shops/{shop}", app)])

    assert (await ask(outer, {"path": "/shops/a/boxes/7"})).json() == 7
    assert (await ask(app, {"path": "/api/boxes/7", "root_path": "/api"})).json() == 7
    assert boxes.asked == ["endpoint", "endpoint"]


async def test_an_application_may_be_a_part_of_another_service(app: FastAPI, boxes: Boxes) -> None:
    outer, others = Application(telemetry=UNWATCHED), Boxes()
    outer.add_middleware(BodyLimit)
    install(outer, others.create_router())
    outer.mount("/shops/{shop}", app)

    assert (await ask(outer, {"path": "/boxes/7"})).json() == 7
    assert (await ask(outer, {"path": "/shops/a/boxes/8"})).json() == 8
    assert (await ask(outer, {"path": "/shops/a/boxes/x"})).status == 422
    assert (others.asked, boxes.asked) == (["endpoint"], ["endpoint"])


async def test_requests_are_measured_by_their_routes(app: FastAPI) -> None:
    registry = CollectorRegistry()
    app.add_middleware(MeasuredRequests, metrics=RequestMetrics("shop", registry))

    for path in ("/boxes/7", "/boxes/x", "/boxes/404", "/nowhere"):
        await ask(app, {"path": path})

    def count(route: str, status: str) -> float | None:
        labels = {"service": "shop", "method": "GET", "route": route, "status": status}
        return registry.get_sample_value("http_server_request_duration_seconds_count", labels)

    assert [count("/boxes/{box_id}", status) for status in ("200", "422", "404")] == [1, 1, 1]
    assert count("unmatched", "404") == 1


@pytest.mark.parametrize("fast", [True, False])
async def test_spans_are_the_same_both_ways(boxes: Boxes, fast: bool) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    inner = FastAPI(telemetry={"tracer_provider": provider, "operation_spans": False})
    install_problem_handlers(inner)
    install(inner, boxes.create_router(), fast_endpoints=fast)

    for path in ("/boxes/7", "/boxes/x", "/boxes/404", "/boxes/500", "/nowhere"):
        await ask(inner, {"path": path})

    told = [
        (
            span.name,
            (span.attributes or {}).get("http.route"),
            (span.attributes or {}).get("http.response.status_code"),
        )
        for span in exporter.get_finished_spans()
    ]
    route = "/boxes/{box_id}"
    assert told == [*((f"GET {route}", route, status) for status in (200, 422, 404, 500)), ("GET", None, 404)]
    assert boxes.asked[0] == ("endpoint" if fast else "route")


async def test_addresses_are_found_as_always(app: FastAPI) -> None:
    assert app.url_path_for("show_box", box_id=7) == "/boxes/7"


async def test_over_a_real_server(app: FastAPI) -> None:
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        asked = (("GET", "/boxes/7"), ("HEAD", "/boxes/7"), ("GET", "/boxes/7/"), ("GET", "/boxes/404"))
        answers = [await client.request(*each) for each in asked]

    assert [answer.status_code for answer in answers] == [200, 405, 307, 404]
    assert json.loads(answers[0].content) == 7
    assert answers[0].headers["content-type"] == "application/json"


def test_documents_are_equal(app: FastAPI) -> None:
    plain = FastAPI()
    install(plain, Boxes().create_router(), fast_endpoints=False)

    assert app.openapi() == plain.openapi()
