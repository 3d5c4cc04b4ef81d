"""The base of the generated clients: one connection pool, retries, errors that carry the server's problem."""

import asyncio
import re
import ssl
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from framework.runtime.errors import OperationError
from framework.runtime.problems import Problem, phrase
from framework.runtime.telemetry.spans import spans

_ANYTHING: Final = TypeAdapter(Any, config=ConfigDict(ser_json_bytes="base64"))

_EXCERPT: Final = 500
"""How many characters of an answer that is no problem document are kept in the error."""


class RetryPolicy(Enum):
    """Which calls are repeated after a server error: 5xx, or a connection lost before the answer."""

    IDEMPOTENT = "idempotent"
    """Only calls that may be repeated safely."""
    ALWAYS = "always"
    """Every call: for services that recognise a repetition by themselves."""


class ServiceError(Exception):
    """A call of another service failed, in a way that the spec of the operation does not foresee."""


class UnexpectedStatus(ServiceError):
    """The service answered with something else than success."""

    def __init__(self, request: httpx.Request, status: int, problem: Problem) -> None:
        super().__init__(f"{_call(request)} was answered {status}: {problem.detail or problem.title}")
        self.status = status
        self.problem = problem


class ClientError(UnexpectedStatus):
    """The service refused the call (4xx); repeating it would not help."""


class ServerError(UnexpectedStatus):
    """The service failed (5xx), also when the call was repeated."""


class ServiceUnavailable(ServiceError):
    """The service could not be reached, or did not answer in time."""


class HttpClient:
    """Calls one service over HTTP. An async context manager: entering opens the pool, leaving closes it.

    A call that could not reach the service is repeated `max_retries` times, after `initial_delay` seconds and
    then after twice as long each time (1, 2, 4). So is a call answered 5xx, where `retry_server_errors`
    allows it. What the service refuses (4xx) is never repeated.
    """

    def __init__(
        self,
        base_url: str,
        *,
        max_retries: int = 3,
        initial_delay: float = 1.0,
        retry_server_errors: RetryPolicy = RetryPolicy.IDEMPOTENT,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Raises ValueError if `base_url` is no http(s) URL. `timeout` is in seconds, for each single try."""
        self._base_url = _checked(base_url)
        self._delays = [initial_delay * 2**retry for retry in range(max_retries)]
        self._retry_server_errors = retry_server_errors
        self._timeout = timeout
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(
            base_url=self._base_url,
            timeout=self._timeout,
            transport=self._transport,
            # A proxy meant for the internet does not know the services of this system.
            trust_env=False,
            verify=ssl.create_default_context(),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        idempotent: bool,
        idempotency_key: str | None = None,
        query: Mapping[str, object] = {},
        headers: Mapping[str, object] = {},
        cookies: Mapping[str, object] = {},
        content: object = None,
        errors: Collection[type[OperationError]] = (),
    ) -> httpx.Response:
        """Send a request and return the successful answer.

        Values in `path` must have gone through `segment`; in `query`, `headers` and `cookies` None is left
        out. `content` is sent as JSON, without the fields that were not set. A call with an `idempotency_key`
        may be repeated as an idempotent one may.

        Raises ClientError, ServerError (a try too many) or ServiceUnavailable; one of `errors`, with what the
        service says, where the answer has its status and code; ValueError for a header or cookie that HTTP
        cannot carry.
        """
        if self._client is None:
            raise RuntimeError(f"open the client first: `async with {type(self).__name__}() as client:`")
        sent = {**_headers({**headers, "idempotency-key": idempotency_key}), **_cookie_header(cookies)}
        if content is not None:
            sent["content-type"] = "application/json"
        request = self._client.build_request(
            method,
            path,
            params=[(name, text) for name, value in query.items() for text in _texts(value)],
            headers=sent,
            # What was not set is not sent: `absent` and `null` are different things to the one who updates.
            content=None
            if content is None
            else _ANYTHING.dump_json(content, exclude_unset=True, by_alias=True),
        )
        is_always = self._retry_server_errors is RetryPolicy.ALWAYS
        repeatable = idempotent or idempotency_key is not None or is_always
        try:
            return await self._send_and_repeat(self._client, request, repeatable)
        except UnexpectedStatus as refusal:
            for error in errors:
                if (error.status, error.code) == (refusal.status, refusal.problem.code):
                    raise error(refusal.problem.detail or error.code) from refusal
            raise

    async def _send_and_repeat(
        self, client: httpx.AsyncClient, request: httpx.Request, repeatable: bool
    ) -> httpx.Response:
        for delay in self._delays:
            try:
                return await self._send(client, request)
            except ServerError:
                if not repeatable:
                    raise
            except ServiceUnavailable as error:
                if not (repeatable or isinstance(error.__cause__, _NEVER_ARRIVED)):
                    raise
            await asyncio.sleep(delay)
        return await self._send(client, request)

    async def _send(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        try:
            with spans().calling(request) as note_status:
                response = await client.send(request)
                note_status(response.status_code)
        except httpx.RequestError as error:
            reason = str(error) or type(error).__name__
            raise ServiceUnavailable(f"{_call(request)} got no answer: {reason}") from error
        if response.is_success:
            return response
        raise _error_class(response.status_code)(request, response.status_code, _problem(response))


_NEVER_ARRIVED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures that prove that the service has not seen the request."""


def new_idempotency_key() -> str:
    """A name for a request that is like no other."""
    return str(uuid4())


def segment(value: object) -> str:
    """A value as one segment of a path: nothing in it can end the segment or climb out of it."""
    encoded = quote(_text(value), safe="")
    return encoded.replace(".", "%2E") if encoded in {".", ".."} else encoded


def _text(value: object) -> str:
    plain = to_jsonable_python(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return str(plain)


def _texts(value: object) -> Iterator[str]:
    """The values to send for a parameter: none for None, several for a collection."""
    items = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    yield from (_text(item) for item in items if item is not None)


_HEADER_VALUE: Final = re.compile(r"([\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?)?")
_COOKIE_VALUE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")


def _headers(headers: Mapping[str, object]) -> dict[str, str]:
    sent = {name: _text(value) for name, value in headers.items() if value is not None}
    for name, text in sent.items():
        if not _HEADER_VALUE.fullmatch(text):
            raise ValueError(
                f"the header {name} takes visible ASCII characters, and blanks between them only"
            )
    return sent


def _cookie_header(cookies: Mapping[str, object]) -> dict[str, str]:
    sent = {name: _text(value) for name, value in cookies.items() if value is not None}
    for name, text in sent.items():
        if not _COOKIE_VALUE.fullmatch(text):
            raise ValueError(
                f"the cookie {name} takes visible ASCII characters without quotes, commas, "
                "semicolons and backslashes"
            )
    return {"cookie": "; ".join(f"{name}={text}" for name, text in sent.items())} if sent else {}


def _checked(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{base_url!r} is no URL: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"{base_url!r} is no address of a service: write http://host:port")
    return url


def _call(request: httpx.Request) -> str:
    url = request.url
    return f"{request.method} {url.scheme}://{url.netloc.decode()}{url.path}"


def _error_class(status: int) -> type[UnexpectedStatus]:
    if status >= 500:
        return ServerError
    return ClientError if status >= 400 else UnexpectedStatus


def _problem(response: httpx.Response) -> Problem:
    """The problem that the answer describes; from a server that knows no problem documents, what it said."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        problem = Problem(detail=response.text[:_EXCERPT] or None)
    problem.status = response.status_code
    problem.title = problem.title or phrase(response.status_code)
    return problem
