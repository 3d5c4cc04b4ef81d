"""What an endpoint is called with: a request, read only as far as the endpoint asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import cookie_parser
from starlette.types import Message, Receive, Scope

from framework.runtime.endpoints.wire import WireType
from framework.runtime.idempotency.key import IS_KEY, IdempotencyKey, identify
from framework.runtime.middleware.body_limit import limited

T = TypeVar("T")

_REQUIRED: Any = object()
_JSON: Final = b"application/json"


class NotCovered(Exception):
    """The request is not valid, or not of the plain kind that endpoints read; FastAPI decides what it is."""


class Request:
    """A request as ASGI has it. Whatever is read of it is valid; else it raises `NotCovered`."""

    __slots__ = ("_cookies", "_failure", "_max_body", "_query", "_receive", "_received", "scope")

    def __init__(self, scope: Scope, receive: Receive, max_body: int | None = None) -> None:
        """`max_body` limits the bytes of the body, if nothing else does."""
        self.scope = scope
        self._receive = receive
        self._max_body = max_body
        self._query: list[tuple[str, str]] | None = None
        self._cookies: dict[str, str] | None = None
        self._received: list[Message] = []
        self._failure: Exception | None = None

    def path(self, name: str, type_: WireType[T]) -> T:
        """A parameter of the path."""
        return _read(type_, self.scope["path_params"][name])

    def query(
        self,
        name: str,
        type_: WireType[T],
        default: T = _REQUIRED,
        default_factory: Callable[[], T] | None = None,
    ) -> T:
        """A parameter of the query; the last one, if there are several."""
        found = None
        for each, value in self._query or self._pairs():
            if each == name:
                found = value
        return _read(type_, found) if found is not None else _absent(default, default_factory)

    def queries(
        self,
        name: str,
        type_: WireType[T],
        default: T = _REQUIRED,
        default_factory: Callable[[], T] | None = None,
    ) -> T:
        """A parameter of the query that may be given many times."""
        found = [value for each, value in self._query or self._pairs() if each == name]
        return _read(type_, found) if found else _absent(default, default_factory)

    def header(
        self,
        name: str,
        type_: WireType[T],
        default: T = _REQUIRED,
        default_factory: Callable[[], T] | None = None,
    ) -> T:
        """A header; `name` is in lower case."""
        found = self._header(name.encode("latin-1"))
        if found is None:
            return _absent(default, default_factory)
        return _read(type_, found.decode("latin-1"))

    def headers(
        self,
        name: str,
        type_: WireType[T],
        default: T = _REQUIRED,
        default_factory: Callable[[], T] | None = None,
    ) -> T:
        """A header that may be sent in several lines; `name` is in lower case."""
        key = name.encode("latin-1")
        found = [value.decode("latin-1") for each, value in self.scope["headers"] if each == key]
        return _read(type_, found) if found else _absent(default, default_factory)

    def cookie(
        self,
        name: str,
        type_: WireType[T],
        default: T = _REQUIRED,
        default_factory: Callable[[], T] | None = None,
    ) -> T:
        """A cookie."""
        cookies = self._cookies
        if cookies is None:
            cookies = self._cookies = {}
            for key, value in self.scope["headers"]:
                if key == b"cookie":
                    cookies.update(cookie_parser(value.decode("latin-1")))
        found = cookies.get(name)
        return _read(type_, found) if found is not None else _absent(default, default_factory)

    async def body(self, type_: WireType[T]) -> T:
        """The body, which is JSON."""
        content_type = self._header(b"content-type")
        if content_type != _JSON and not _is_json(content_type):
            raise NotCovered
        body = await self._body()
        try:
            value: T = type_.read_json(body)
        except Exception:
            raise NotCovered from None
        return value

    async def idempotency_key(
        self, headers: Sequence[str] = (), cookies: Sequence[str] = ()
    ) -> IdempotencyKey | None:
        """The key that the request is repeated under, if it has one; it is read after the body.

        `headers` and `cookies` are parameters: a request that differs there is another one.
        """
        found = self._header(b"idempotency-key")
        if found is None:
            return None
        value = found.decode("latin-1")
        if not IS_KEY.fullmatch(value):
            raise NotCovered
        if not self._received:
            await self._body()
        body = b"".join([message.get("body", b"") for message in self._received])
        return identify(value, self.scope, body, headers, cookies)

    async def replay(self) -> Message:
        """ASGI's `receive` from the beginning, whatever was read by then."""
        if self._received:
            return self._received.pop(0)
        if self._failure is not None:
            raise self._failure
        return await self._receive()

    async def _body(self) -> bytes:
        # Our own server gives it in one piece, where nobody stands between.
        at_once = getattr(getattr(self._receive, "__self__", None), "body_at_once", None)
        body: bytes | None = at_once(self._max_body) if at_once is not None else None
        if body is not None:
            self._received.append({"type": "http.request", "body": body, "more_body": False})
            return body
        if self._max_body is not None:
            self._receive = limited(self.scope, self._receive, self._max_body)
        message = await self._next()
        if not message.get("more_body", False):
            return message.get("body", b"")  # type: ignore[no-any-return]
        chunks = [message.get("body", b"")]
        while message.get("more_body", False):
            message = await self._next()
            chunks.append(message.get("body", b""))
        return b"".join(chunks)

    async def _next(self) -> Message:
        try:
            message = await self._receive()
        except Exception as error:  # the body is too long, say
            self._failure = error
            raise NotCovered from None
        self._received.append(message)
        if message["type"] != "http.request":
            raise NotCovered
        return message

    def _header(self, name: bytes) -> bytes | None:
        for key, value in self.scope["headers"]:
            if key == name:
                return value  # type: ignore[no-any-return]
        return None

    def _pairs(self) -> list[tuple[str, str]]:
        self._query = pairs = _pairs(self.scope["query_string"].decode("latin-1"))
        return pairs


def _pairs(text: str) -> list[tuple[str, str]]:
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    # The same without anything to decode, in a third of the time.
    parts = (part.partition("=") for part in text.split("&") if part)
    return [(name, value) for name, _, value in parts]


def _read(type_: WireType[T], value: object) -> T:
    try:
        return type_.read(value)
    except Exception:
        raise NotCovered from None


def _absent(default: T, default_factory: Callable[[], T] | None) -> T:
    if default_factory is not None:
        return default_factory()
    if default is _REQUIRED:
        raise NotCovered
    return default


def _is_json(content_type: bytes | None) -> bool:
    return content_type is not None and content_type.partition(b";")[0].strip().lower() == _JSON
