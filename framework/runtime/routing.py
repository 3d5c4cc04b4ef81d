"""Routes and errors of an application: flat routes, and errors as problem documents (RFC 9457).

A request that is not valid is answered in FastAPI's own form, which the OpenAPI document describes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from framework.runtime.correlation import REQUEST_ID, request_id
from framework.runtime.echo import echo
from framework.runtime.endpoints import OperationRouter, installing
from framework.runtime.errors import OperationError
from framework.runtime.failures import INTERNAL_CODE
from framework.runtime.idempotency.refusals import AnsweredBefore
from framework.runtime.problems import MEDIA_TYPE, Problem, phrase

_BODILESS: Final = frozenset({204, 205, 304})
_TOLD: Final = ("type", "loc", "msg", "input", "ctx")
"""What is told of an error, as FastAPI does, but for the link into Pydantic's documentation."""
_MOST_ERRORS: Final = 20
"""Validation errors told in one answer: a long list may have one in each member."""


def install(app: FastAPI, router: APIRouter, *, fast_endpoints: bool = True) -> None:
    """Add the routes of `router` to `app`, flat: an included router costs more with every route.

    Generated routes have endpoints beside them, which are put to use here and nowhere else: who includes the
    router somewhere, perhaps with dependencies, has FastAPI handle its requests.
    """
    app.router.routes.extend(router.routes)
    if fast_endpoints and isinstance(router, OperationRouter):
        installing.install(app, router)


def install_problem_handlers(app: FastAPI) -> None:
    """Make `app` answer every error as a document, and none with what is nobody's business."""
    app.add_exception_handler(OperationError, _refused)
    app.add_exception_handler(AnsweredBefore, _answered_before)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _failed)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as an answer; `status` must be set."""
    status = problem.status or 500
    problem.title = problem.title or phrase(status)
    problem.request_id = problem.request_id or request_id()
    members = problem.model_dump(mode="python", exclude_none=True)
    return Response(_json(members), status, dict(headers or {}), MEDIA_TYPE)


def _json(members: Mapping[str, Any]) -> bytes:
    # In ASCII even half a surrogate pair can be written, which as UTF-8 cannot.
    return json.dumps(members, ensure_ascii=True, allow_nan=False).encode("ascii")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, OperationError)  # noqa: S101
    return problem_response(Problem(status=error.status, code=error.code, detail=error.message))


async def _answered_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnsweredBefore)  # noqa: S101
    answer = error.answer
    return Response(answer.body, answer.status, {**answer.headers, "idempotent-replayed": "true"})


async def _not_valid(request: Request, error: Exception) -> Response:
    """As FastAPI answers, but for what a client sent: that is echoed only as far as an answer can hold it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()[:_MOST_ERRORS]
    if isinstance(error.body, bytes):  # what FastAPI did not read as JSON
        found = [_tell_unread(request, each) for each in found]
    errors = [
        {name: each[name] if name == "type" else _echo_all(each[name]) for name in _TOLD if name in each}
        for each in found
    ]
    return Response(_json({"detail": errors}), 422, media_type="application/json")


def _tell_unread(request: Request, error: dict[str, Any]) -> dict[str, Any]:
    """The error with the reason for which the body is no object but a text, if it is one of the body."""
    if error["loc"][0] != "body" or "ctx" in error:
        return error
    kind = request.headers.get("content-type")
    said = f"Its Content-Type is {kind}" if kind else "It has no Content-Type"
    return {**error, "ctx": {"reason": f"{said}: JSON is sent as application/json"}}


def _echo_all(value: Any) -> Any:
    return [echo(part) for part in value] if isinstance(value, tuple) else echo(value)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code in _BODILESS:
        return Response(status_code=error.status_code, headers=error.headers)
    title = phrase(error.status_code)
    detail = str(error.detail)
    # Not `not-found`: a client that calls a wrong address must not be told that a thing does not exist.
    problem = Problem(status=error.status_code, code=f"http-{error.status_code}", title=title)
    if detail != title:
        problem.detail = detail
    headers = {**(error.headers or {})}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _allowed_methods(request)):
        headers["Allow"] = ", ".join(methods)
    return problem_response(problem, headers)


def _allowed_methods(request: Request) -> list[str]:
    """Those of all routes with this path; Starlette names those of the first alone."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = [route for route in request.app.router.routes if isinstance(route, Route)]
    return sorted(
        {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    )


async def _failed(request: Request, error: Exception) -> Response:
    """Nothing of what happened leaves the service; the server logs it, as the error goes on to it."""
    # uvicorn closes the connection of a request that has failed: who is not told sends the next one into it.
    headers = {"connection": "close"}
    # This stands outside of all middlewares.
    if name := request_id():
        headers[REQUEST_ID] = name
    if _is_outage(error):
        problem = Problem(status=503, code="unavailable", detail="Something that the service needs is down.")
        return problem_response(problem, {**headers, "retry-after": "1"})
    problem = Problem(status=500, code=INTERNAL_CODE, detail="The service failed.")
    return problem_response(problem, headers)


def _is_outage(error: BaseException | None) -> bool:
    """Whether a connection was refused or lost, as far as drivers tell."""
    while error is not None:
        if isinstance(error, ConnectionError) or getattr(error, "connection_invalidated", False):
            return True
        error = error.__cause__
    return False
