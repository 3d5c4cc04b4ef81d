"""The base of the generated clients: a shared pool, deadlines, retries, errors with the server's problem."""

import asyncio
import random
import re
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from framework.runtime.calls import circuit_breaker
from framework.runtime.calls.deadline import Expiry, expiry
from framework.runtime.calls.retry_after import retry_after
from framework.runtime.calls.targets import Target, targets
from framework.runtime.correlation import REQUEST_ID, request_id
from framework.runtime.errors import OperationError
from framework.runtime.idempotency.refusals import IdempotencyKeyInUse
from framework.runtime.problems import Problem, phrase
from framework.runtime.telemetry.spans import spans

T = TypeVar("T")

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

    def __init__(
        self, request: httpx.Request, status: int, problem: Problem, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{_call(request)} was answered {status}: {problem.detail or problem.title}")
        self.status = status
        self.problem = problem
        self.retry_after = retry_after
        """Seconds after which the service wants to be asked again, if it says so."""


class NotModified(UnexpectedStatus):
    """What the caller has, as it said with `if_none_match`, is what the service has (304)."""


class ClientError(UnexpectedStatus):
    """The service refused the call (4xx); repeating it would not help."""


class ServerError(UnexpectedStatus):
    """The service failed (5xx), also when the call was repeated."""


class ServiceUnavailable(ServiceError):
    """The service could not be reached, or did not answer in time."""


class DeadlineExceeded(ServiceUnavailable):
    """The time for the call is over."""


class CircuitOpen(ServiceUnavailable):
    """The call was not made: the service has failed so often that it is left alone for some seconds."""


class HttpClient:
    """Calls one service over HTTP; all clients of a service share one pool of connections.

    An async context manager. A running service keeps the pool to its end, so that entering costs nothing
    there, and is not even needed; elsewhere the last client to be left closes it.

    A call that could not reach the service is repeated up to `max_retries` times, after a random time of at
    most `initial_delay` seconds at first and twice as much each time (1, 2, 4). So is one that was lost or
    answered 5xx, where that is safe: it is idempotent, has an idempotency key, or `retry_server_errors` says
    so. What the service refuses (4xx) is not repeated, unless it says when: 429 with `Retry-After`.
    All calls of a service have few repetitions between them, and one that keeps failing is left alone.
    """

    def __init__(
        self,
        base_url: str,
        *,
        max_retries: int = 3,
        initial_delay: float = 1.0,
        retry_server_errors: RetryPolicy = RetryPolicy.IDEMPOTENT,
        timeout: float = 10.0,
        deadline: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Raises ValueError if `base_url` is no http(s) URL.

        `timeout` is in seconds, for each single try, and `deadline` for the whole call with its repetitions;
        `framework.runtime.calls.deadline` gives some calls less.
        """
        self._base_url = _checked(base_url)
        self._delays = [initial_delay * 2**retry for retry in range(max_retries)]
        self._retry_server_errors = retry_server_errors
        self._timeout = timeout
        self._deadline = deadline
        self._own = None if transport is None else Target(self._base_url, transport)
        self._opened: list[Target] = []

    async def __aenter__(self) -> Self:
        target = self._own or targets().find(self._base_url)
        target.users += 1
        self._opened.append(target)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await targets().release(self._opened.pop())

    def _target(self) -> Target:
        if self._opened:
            return self._opened[-1]
        if self._own is None and targets().are_kept:
            return targets().find(self._base_url)
        raise RuntimeError(f"open the client first: `async with {type(self).__name__}() as client:`")

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
        target = self._target()
        told = {REQUEST_ID: request_id(), **headers, "idempotency-key": idempotency_key}
        sent = {**_headers(told), **_cookie_header(cookies)}
        if content is not None:
            sent["content-type"] = "application/json"
        request = target.client.build_request(
            method,
            path,
            timeout=self._timeout,
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
            return await self._send_and_repeat(target, request, repeatable)
        except UnexpectedStatus as refusal:
            for error in errors:
                if (error.status, error.code) == (refusal.status, refusal.problem.code):
                    raise error(refusal.problem.detail or error.code) from refusal
            raise

    async def _send_and_repeat(
        self, target: Target, request: httpx.Request, repeatable: bool
    ) -> httpx.Response:
        end = expiry(self._deadline)
        target.budget.earn()
        for longest in self._delays:
            try:
                return await _send(target, request, end)
            except (UnexpectedStatus, ServiceUnavailable) as error:
                if not _may_be_repeated(error, repeatable):
                    raise
                # At random, so that those who failed together do not come back together.
                delay = max(random.uniform(0, longest), getattr(error, "retry_after", None) or 0.0)  # noqa: S311
                is_too_late = asyncio.get_running_loop().time() + delay >= end.at
                if is_too_late or not target.budget.spend():
                    raise
            await asyncio.sleep(delay)
        return await _send(target, request, end)


async def _send(target: Target, request: httpx.Request, end: Expiry) -> httpx.Response:
    """Try once, and let the circuit breaker know how the service did."""
    try:
        with target.breaker.trying() as attempt:
            response = await _exchange(target, request, end, attempt)
    except circuit_breaker.CircuitOpen as error:
        raise CircuitOpen(f"{_call(request)} was not tried: {error}") from None
    if response.is_success:
        return response
    wait = retry_after(response.headers.get("retry-after"))
    raise _error_class(response.status_code)(request, response.status_code, _problem(response), wait)


async def _exchange(
    target: Target, request: httpx.Request, end: Expiry, attempt: circuit_breaker.Attempt
) -> httpx.Response:
    try:
        async with asyncio.timeout_at(end.at):
            with spans().calling(request) as note_status:
                response = await target.client.send(request)
                note_status(response.status_code)
    except TimeoutError:
        if not end.is_of_caller:
            attempt.failed()
        raise DeadlineExceeded(f"{_call(request)} got no answer before its deadline") from None
    except httpx.RequestError as error:
        if not isinstance(error, httpx.PoolTimeout):  # we ourselves call it too often
            attempt.failed()
        reason = str(error) or type(error).__name__
        raise ServiceUnavailable(f"{_call(request)} got no answer: {reason}") from error
    if response.is_server_error:
        attempt.failed()
    else:
        attempt.succeeded()
    return response


def _may_be_repeated(error: UnexpectedStatus | ServiceUnavailable, repeatable: bool) -> bool:
    match error:
        case DeadlineExceeded() | CircuitOpen():
            return False
        case ServiceUnavailable():
            return repeatable or isinstance(error.__cause__, _NEVER_ARRIVED)
        case ServerError():
            return repeatable
        case ClientError(status=429):
            return error.retry_after is not None
        case ClientError():
            return repeatable and error.problem.code == IdempotencyKeyInUse.code
    return False


_NEVER_ARRIVED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures that prove that the service has not seen the request."""


def new_idempotency_key() -> str:
    """A name for a request that is like no other."""
    return str(uuid4())


def at_least_one(items: Collection[T] | None) -> Collection[T] | None:
    """The items to send for a parameter of the query that has a default; None to leave it out.

    Raises:
        ValueError: there are none, and the service would take the default in silence.
    """
    if items is not None and not items:
        raise ValueError("an empty list cannot be sent in a query: the service would take its default")
    return items


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
    if status == 304:
        return NotModified
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
