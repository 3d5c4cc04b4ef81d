"""What the work at hand is part of: the request that it was asked for with."""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Final

REQUEST_ID: Final = "x-request-id"
"""The header that carries the name of a request, in answers and in what a service asks of others for it."""

_request: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_id() -> str | None:
    """The name of the request at hand; None outside of requests, and where they have none."""
    return _request.get()


def begin_request(name: str) -> Token[str | None]:
    """Give the request at hand a name; `end_request` takes what is returned."""
    return _request.set(name)


def end_request(begun: Token[str | None]) -> None:
    """Have the name forgotten."""
    _request.reset(begun)
