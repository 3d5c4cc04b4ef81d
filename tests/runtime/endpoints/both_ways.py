"""Sends the same requests down both ways and compares: `python -m tests.runtime.endpoints.both_ways 10000`.

Runs in the folder of a project that `project.make_project` made, with its import roots on the path.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import linecache
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, NamedTuple, get_type_hints

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, Response

from framework.load import load
from framework.resolve import resolve
from framework.runtime.endpoints import OperationRouter, Request
from framework.runtime.endpoints import Response as Reply
from framework.runtime.endpoints.application import Application
from framework.runtime.endpoints.router import Endpoint
from framework.runtime.errors import Conflict, NotFound
from framework.runtime.idempotency.refusals import Answer as KeptAnswer
from framework.runtime.idempotency.refusals import AnsweredBefore, IdempotencyKeyInUse
from framework.runtime.middleware.body_limit import BodyLimit
from framework.runtime.openapi import describe_refusals
from framework.runtime.routing import install, install_problem_handlers
from framework.runtime.telemetry.watching import UNWATCHED
from framework.system import Domain, Operation, Service
from tests.runtime.endpoints.asgi import Answer, ask
from tests.runtime.endpoints.requests import Asked, Requests, systematic

PER_EXAMPLE = 5
MAX_BODY = 20_000


class OddError(Exception):
    """A person's own error, the handler of which reads the request."""


class Operations:
    """Stands for the mediator of a domain: what comes of a call is said before, what it was given is kept."""

    def __init__(self) -> None:
        self.outcome: Any = None
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def call(**arguments: Any) -> Any:
            told = (f"{key}={_told(value)}" for key, value in sorted(arguments.items()))
            self.calls.append(f"{name} {', '.join(told)}")
            if isinstance(self.outcome, Exception):
                raise self.outcome
            return self.outcome

        return call


class Way(NamedTuple):
    """One application, with its own operations."""

    app: FastAPI
    operations: Operations


class Site(NamedTuple):
    """A domain, both ways."""

    domain: Domain
    fast: Way
    plain: Way
    returns: dict[str, TypeAdapter[Any]]

    def __repr__(self) -> str:
        return self.domain.name


counts: Counter[str] = Counter()


def make_sites(root: Path) -> tuple[list[Site], Requests]:
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    sites = [make_site(service, domain) for service in system.services for domain in service.rest_domains]
    return sites, Requests(system)


def make_site(service: Service, domain: Domain) -> Site:
    package = f"services.{service.name}.src.generated"
    protocols = importlib.import_module(f"{package}.protocols")
    protocol = getattr(protocols, f"{domain.class_prefix}ControllerProtocol")
    returns = {}
    for operation in domain.rest_operations:
        hints = get_type_hints(getattr(protocol, operation.name))
        is_model = isinstance(hints["return"], type) and issubclass(hints["return"], BaseModel)
        config = None if is_model else ConfigDict(val_json_bytes="base64")
        returns[operation.name] = TypeAdapter(hints["return"], config=config)
    ways = [make_way(package, domain, fast=fast) for fast in (True, False)]
    return Site(domain, ways[0], ways[1], returns)


def make_way(package: str, domain: Domain, *, fast: bool) -> Way:
    operations = Operations()
    routers = importlib.import_module(f"{package}.routers.{domain.name}")
    endpoints = importlib.import_module(f"{package}.endpoints.{domain.name}").create_endpoints(operations)
    watched = {name: counted(name, endpoint) for name, endpoint in endpoints.items()}
    router = OperationRouter()
    router.add(routers.create_router(operations), watched)
    app = (Application if fast else FastAPI)(title=domain.name, telemetry=UNWATCHED)
    app.add_middleware(BodyLimit, limit=MAX_BODY)
    install_problem_handlers(app)
    app.add_exception_handler(OddError, tell_request)
    install(app, router, fast_endpoints=fast)
    describe_refusals(app)
    return Way(app, operations)


def counted(name: str, endpoint: Endpoint) -> Endpoint:
    counts[f"straight {name}"] = 0

    async def run(request: Request) -> Reply:
        reply = await endpoint(request)
        counts["straight"] += 1
        counts[f"straight {name}"] += 1
        return reply

    return run


async def tell_request(request: StarletteRequest, error: Exception) -> Response:
    body = await request.body()
    return JSONResponse({"body": repr(body), "path": request.path_params, "query": str(request.query_params)})


ERRORS: tuple[Callable[[], Exception], ...] = (
    lambda: NotFound("there is none"),
    lambda: Conflict("half a pair: \ud800"),
    lambda: HTTPException(418, "tea", {"x-pot": "1"}),
    lambda: HTTPException(304),
    lambda: RuntimeError("secret"),
    lambda: RequestValidationError([{"type": "x", "loc": ("body",), "msg": "m", "input": 1}]),
    lambda: OddError(),
    lambda: AnsweredBefore(KeptAnswer(201, {"content-type": "application/json", "etag": '"1"'}, b"[1]")),
    lambda: IdempotencyKeyInUse("not yet"),
    lambda: wrong_value(),
)


def wrong_value() -> ValidationError:
    try:
        TypeAdapter(int).validate_python("x")
    except ValidationError as error:
        return error
    raise AssertionError


def _told(value: object) -> str:
    """The value and its types; a set has no order."""
    return f"set {sorted(map(repr, value))}" if isinstance(value, set) else repr(value)


def _made(make: Callable[[], Exception]) -> Exception:
    return make()


class Target(NamedTuple):
    """What requests are for."""

    site: Site
    operation: Operation

    def __repr__(self) -> str:
        return f"{self.site} {self.operation.name}"


def outcomes(site: Site, operation: Operation, requests: Requests) -> st.SearchStrategy[Any]:
    """What a controller may do: mostly what it said."""

    @st.composite
    def draw_outcome(draw: st.DrawFn) -> Any:
        kind = draw(st.sampled_from(("result",) * 8 + ("raw", "object", "wrong", "error", "error")))
        if kind == "error":
            return draw(st.sampled_from(ERRORS).map(_made))
        if kind == "wrong":
            return draw(st.sampled_from((None, 1, "x", {}, [], object(), 1.5, True, b"\xff", "\ud800")))
        if operation.output is None:
            return None
        made = requests.values.valid if kind == "result" else requests.values.json
        value = draw(made(operation.output))
        if kind == "object":
            return SimpleNamespace(**value) if isinstance(value, dict) else value
        if kind == "raw":
            return value
        try:
            return site.returns[operation.name].validate_json(json.dumps(value))
        except ValidationError:
            return value

    return draw_outcome()


async def compare(site: Site, asked: Asked, outcome: Any) -> None:
    answers: list[tuple[Answer, list[str]]] = []
    for way in (site.fast, site.plain):
        way.operations.outcome = outcome
        way.operations.calls.clear()
        answer = await ask(way.app, asked.scope, asked.messages)
        answers.append((answer, [*way.operations.calls]))
    fast, plain = answers
    counts["requests"] += 1
    counts[f"status {fast[0].status}"] += 1
    assert fast == plain, f"\nfast:  {fast}\nplain: {plain}"


async def lines_run(site: Site) -> set[str]:
    """The lines of generated endpoints at which a debugger would stop in one request."""
    operation = next(each for each in site.domain.rest_operations if each.name == "ping")
    assert operation.rest is not None
    found: set[str] = set()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.parent.name == "endpoints" and path.parent.parent.name == "generated" and event == "line":
            found.add(linecache.getline(str(path), frame.f_lineno).strip())
        return trace

    site.fast.operations.outcome = None
    sys.settrace(trace)
    try:
        await ask(site.fast.app, {"method": operation.rest.method, "path": operation.rest.path})
    finally:
        sys.settrace(None)
    return found


def hold(target: Target, requests: Requests, examples: int, loop: asyncio.AbstractEventLoop) -> None:
    """Have Hypothesis look for a request for one operation that is answered in two ways.

    Few requests are the same ones each time, many are others.
    """
    site, operation = target

    @settings(
        max_examples=examples,
        derandomize=examples < 10,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def same(data: st.DataObject) -> None:
        for _ in range(PER_EXAMPLE):
            asked = data.draw(requests.of(operation))
            outcome = data.draw(outcomes(site, operation, requests))
            loop.run_until_complete(compare(site, asked, outcome))
            counts["drawn"] += 1

    same()


def run(root: Path, wanted: int) -> None:
    sites, requests = make_sites(root)
    for site in sites:
        assert site.fast.app.openapi() == site.plain.app.openapi()
    targets = [Target(site, operation) for site in sites for operation in site.domain.rest_operations]
    loop = asyncio.new_event_loop()

    for target in targets:
        hold(target, requests, 1 + wanted // PER_EXAMPLE // len(targets), loop)
    things = next(site for site in sites if site.domain.name == "things")
    assert loop.run_until_complete(lines_run(things)) == {"await operations.ping()", "return Response(204)"}
    for site, operation in targets:
        for asked in systematic(operation):
            loop.run_until_complete(compare(site, asked, None))
    print(json.dumps(counts))


if __name__ == "__main__":
    run(Path.cwd(), int(sys.argv[1]))
