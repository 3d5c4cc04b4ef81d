"""Health checks: `/health/live` says that the process works, `/health/ready` that it can do its work now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter
from starlette.responses import JSONResponse

from framework.runtime.glance import Glance
from framework.runtime.operations.paths import LIVE, READY
from framework.runtime.transport import Probe

CHECK_TIMEOUT: Final = 0.8
"""Seconds after which a server that does not answer counts as down; Kubernetes gives a probe one second."""
UP: Final = "up"
DOWN: Final = "down"


class NotReady(Exception):
    """A part does not do its work; the message says what is wrong with it, for everyone to read."""


def create_health_router(
    checks: Mapping[str, Probe], is_started: Callable[[], bool], ended: Callable[[], str | None]
) -> APIRouter:
    """The two routes.

    `checks` look at what the service depends on; their names stand in the answer. `ended` tells which part of
    the process has ended for good, so that only a new process helps; None as long as all of them run.
    """
    router = APIRouter(include_in_schema=False)
    glances = {name: Glance(check, limit=CHECK_TIMEOUT) for name, check in checks.items()}

    @router.get(LIVE)
    async def live() -> JSONResponse:
        part = ended()
        if part is None:
            return JSONResponse({"status": "alive"})
        return JSONResponse({"status": "dead", "detail": f"{part} has ended"}, 503)

    @router.get(READY)
    async def ready() -> JSONResponse:
        words = dict(zip(glances, await asyncio.gather(*map(_word, glances.values())), strict=True))
        is_up = all(word == UP for word in words.values())
        is_ready = is_up and is_started()
        status = "ready" if is_ready else "starting" if is_up else "unavailable"
        return JSONResponse({"status": status, "checks": words}, 200 if is_ready else 503)

    return router


async def _word(glance: Glance[None]) -> str:
    try:
        await glance.answer()
    except NotReady as error:
        return str(error)
    except TimeoutError as error:
        return f"{DOWN}: {error}" if str(error) else DOWN
    except Exception:  # what a driver says may hold names that are nobody's business
        return DOWN
    return UP
