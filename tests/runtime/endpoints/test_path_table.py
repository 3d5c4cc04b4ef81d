"""The table finds what Starlette finds, whatever routes there are and whatever is asked."""

from __future__ import annotations

import gc
import json
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from framework.runtime.endpoints import OperationRouter, Request, Response
from framework.runtime.endpoints.path_table import PathTable
from framework.runtime.endpoints.running import OperationRoute
from framework.runtime.routing import install
from tests.runtime.endpoints.asgi import Answer, ask

SEGMENTS = ("a", "b", "{x}", "{y}", "")
ODD_SEGMENTS = (*SEGMENTS, "{p:path}", "{n:int}", "a{x}", "a.b")
METHODS = ("GET", "POST", "HEAD")

paths = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
odd_paths = st.lists(st.sampled_from(ODD_SEGMENTS), min_size=1, max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)
asked = st.lists(st.sampled_from(("a", "b", "c", "1", "", "a\n", "é", "ab", "a.b")), max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)


def _names_once(path: str) -> bool:
    return path.count("{x}") < 2 and path.count("{y}") < 2 and path.count("{p:") < 2 and path.count("{n:") < 2


routes = st.tuples(paths.filter(_names_once), st.sets(st.sampled_from(METHODS[:2]), min_size=1))
foreign = st.tuples(
    st.sampled_from(("route", "api", "mount")),
    odd_paths.filter(_names_once),
    st.sets(st.sampled_from(METHODS[:2]), min_size=1),
)


def make_foreign(number: int, kind: str, path: str, methods: set[str]) -> BaseRoute:
    async def answer(request: StarletteRequest) -> JSONResponse:
        return JSONResponse({"foreign": number, **request.path_params})

    if kind == "mount":
        return Mount(path if "{" not in path else "/a", routes=[Route("/{rest:path}", answer)])
    return (Route if kind == "route" else APIRoute)(path, answer, methods=list(methods))


def generated(own: list[tuple[str, set[str]]]) -> OperationRouter:
    """A router each of whose routes tells who answered, and that it was the endpoint only in a header."""
    router = OperationRouter()
    for number, (path, methods) in enumerate(own):

        async def answer(request: StarletteRequest, number: int = number) -> JSONResponse:
            return JSONResponse({"own": number, **request.path_params})

        async def endpoint(request: Request, number: int = number) -> Response:
            body = {"own": number, **request.scope["path_params"]}
            return Response(200, json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode())

        route = APIRoute(path, lambda request: None, methods=list(methods), name=f"own_{number}")
        route.app = Route(path, answer).app
        router.routes.append(route)
        router.endpoints[id(route)] = endpoint
    return router


def make_app(
    before: list[tuple[str, str, set[str]]],
    own: list[tuple[str, set[str]]],
    after: list[tuple[str, str, set[str]]],
    *,
    fast: bool,
) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.router.routes.extend(make_foreign(number, *each) for number, each in enumerate(before))
    install(app, generated(own), fast_endpoints=fast)
    app.router.routes.extend(make_foreign(-1 - number, *each) for number, each in enumerate(after))
    return app


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.lists(foreign, max_size=3),
    own=st.lists(routes, min_size=1, max_size=8),
    after=st.lists(foreign, max_size=2),
    requests=st.lists(
        st.tuples(st.sampled_from(METHODS), asked, st.sampled_from(("", "/a", "/root"))), max_size=12
    ),
)
async def test_every_route_is_found_as_starlette_finds_it(
    before: list[Any], own: list[Any], after: list[Any], requests: list[tuple[str, str, str]]
) -> None:
    with_table = make_app(before, own, after, fast=True)
    without = make_app(before, own, after, fast=False)
    for method, path, root_path in requests:
        scope = {"method": method, "path": path, "root_path": root_path}
        assert await ask(with_table, scope) == await ask(without, scope)


async def test_routes_may_be_added_later_in_front_and_behind() -> None:
    app = make_app([], [("/a", {"GET"}), ("/b", {"GET"})], [], fast=True)
    assert (await ask(app, {"path": "/a"})).json() == {"own": 0}

    app.router.routes.insert(0, make_foreign(7, "route", "/a", {"GET"}))
    app.router.routes.append(make_foreign(8, "route", "/b", {"GET"}))

    assert (await ask(app, {"path": "/a"})).json() == {"foreign": 7}
    assert (await ask(app, {"path": "/b"})).json() == {"own": 1}


async def test_a_route_that_is_removed_is_gone() -> None:
    app = make_app([], [("/a", {"GET"}), ("/b", {"GET"})], [], fast=True)
    assert (await ask(app, {"path": "/b"})).status == 200

    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "path", "") != "/b"]

    assert (await ask(app, {"path": "/b"})).status == 404


def test_plain_routes_registered_before_do_not_make_the_table_wait() -> None:
    plain, odd = ("route", "/health", {"GET"}), ("mount", "/static", {"GET"})

    assert _place([plain, plain]) == 0
    assert _place([plain, odd, plain]) == 2


def _place(before: list[tuple[str, str, set[str]]]) -> int:
    app = make_app(before, [("/a", {"GET"})], [], fast=True)
    return next(at for at, route in enumerate(app.router.routes) if isinstance(route, OperationRoute))


def test_a_thousand_routes_are_as_far_as_ten() -> None:
    """Counted in the steps of the interpreter, since time is no measure."""
    assert _steps(1000) == _steps(10)


def _steps(routes: int) -> int:
    import sys

    table = PathTable((f"/things{number}/{{id}}", {"GET"}, number) for number in range(routes))
    steps = 0

    def count(*_: object) -> Any:
        nonlocal steps
        steps += 1
        return count

    gc.disable()  # what it would tidy up here, left by other tests, takes steps of its own
    sys.settrace(count)
    try:
        found = table.find("GET", f"/things{routes - 1}/7")
    finally:
        sys.settrace(None)
        gc.enable()
    assert found == (routes - 1, {"id": "7"})
    return steps


def test_answers_are_compared_whole() -> None:
    assert Answer(200, [], b"a", None) != Answer(200, [], b"b", None)
