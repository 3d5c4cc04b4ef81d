"""The key of a request, and what is known of the request besides: who sends it, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from starlette.requests import HTTPConnection
from starlette.types import Scope

LONGEST: Final = 255
"""Characters of a key."""

_CHARACTERS: Final = "[!-~]"
"""Those of ASCII that one sees."""
IS_KEY: Final = re.compile(f"{_CHARACTERS}{{1,{LONGEST}}}")

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST,
        pattern=f"^{_CHARACTERS}+$",
        description="A name for this request, unique among yours, such as a UUID. "
        "Sent again with the same key, the request takes effect once and is answered as it was.",
    ),
]
"""The header as FastAPI reads and describes it: visible ASCII characters."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A key that came with a request; `caller` and `fingerprint` are digests."""

    value: str
    caller: str
    """Who sent it, so that nobody is given another's answer; empty where there is nobody to tell."""
    fingerprint: str
    """What the request says, so that another one under the same key is noticed."""


class IdempotencyKeyReader:
    """A dependency of FastAPI: the key of a request, or None if it has none."""

    def __init__(self, headers: Sequence[str] = (), cookies: Sequence[str] = ()) -> None:
        """`headers` and `cookies` are the parameters of the operation that stand there, in lower case."""
        self._headers = headers
        self._cookies = cookies

    async def __call__(self, request: Request, idempotency_key: KeyHeader = None) -> IdempotencyKey | None:
        """Read the rest of the request, if a key has come with it."""
        if idempotency_key is None:
            return None
        return identify(idempotency_key, request.scope, await request.body(), self._headers, self._cookies)


SentIdempotencyKey = Annotated[IdempotencyKey | None, Depends(IdempotencyKeyReader())]
"""The key of a request whose parameters all stand in its path and query."""


def identify(
    value: str, scope: Scope, body: bytes, headers: Sequence[str] = (), cookies: Sequence[str] = ()
) -> IdempotencyKey:
    """Complete a key by the request that it came with; those `headers` and `cookies` are parts of that."""
    connection = HTTPConnection(scope)
    said = [
        scope["path"].encode("utf-8", "surrogatepass"),
        scope["query_string"],
        *(repr(connection.headers.getlist(name)).encode() for name in headers),
        *(repr(connection.cookies.get(name)).encode() for name in cookies),
        body,
    ]
    return IdempotencyKey(value, _caller(connection), _digest(said))


def _caller(connection: HTTPConnection) -> str:
    """Whom the application has authenticated, else whoever has these credentials, else nobody."""
    user = connection.scope.get("user")
    if user is not None and user.is_authenticated:
        return _digest([b"user", _identity(user).encode()])
    credentials = connection.headers.get("authorization")
    return _digest([b"authorization", credentials.encode("latin-1")]) if credentials else ""


def _identity(user: Any) -> str:
    try:
        return str(user.identity)
    except NotImplementedError:  # Starlette's SimpleUser has a name to show, and no more
        return str(user.display_name)


def _digest(parts: Iterable[bytes]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()
