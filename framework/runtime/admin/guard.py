"""The lock of the administration: a bearer token that every request must carry."""

from __future__ import annotations

from hmac import compare_digest
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from framework.runtime.problems import Problem
from framework.runtime.routing import problem_response

_SCHEME: Final = "bearer"


class Guard:
    """Lets requests with `Authorization: Bearer <token>` through to an application, and no others."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 without a token, 403 with a wrong one."""
        answer = self._refusal(Headers(scope=scope).get("authorization", ""))
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, authorization: str) -> Response | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != _SCHEME or not token.strip():
            problem = Problem(
                status=401, code="unauthorized", detail="Send the header `Authorization: Bearer …`."
            )
            return problem_response(problem, {"www-authenticate": "Bearer"})
        # Headers are read as Latin-1: this gives back the bytes that were sent.
        if not compare_digest(token.strip().encode("latin-1"), self._token):
            return problem_response(Problem(status=403, code="forbidden", detail="The token is wrong."))
        return None
