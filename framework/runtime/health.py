"""Health checks: `/health/live` says that the process answers, `/health/ready` that it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter
from starlette.responses import JSONResponse

from framework.runtime.transport import Probe

CHECK_TIMEOUT: Final = 2.0
"""Seconds after which a server that does not answer counts as down."""


def create_health_router(probes: Mapping[str, Probe], is_started: Callable[[], bool]) -> APIRouter:
    """The two routes. `probes` look at what the service depends on; their names stand in the answer."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        answers = await asyncio.gather(*(_works(probe) for probe in probes.values()))
        checks = {name: "up" if works else "down" for name, works in zip(probes, answers, strict=True)}
        is_ready = all(answers) and is_started()
        status = "ready" if is_ready else "starting" if all(answers) else "unavailable"
        return JSONResponse({"status": status, "checks": checks}, 200 if is_ready else 503)

    return router


async def _works(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await probe()
    except Exception:
        return False
    return True
