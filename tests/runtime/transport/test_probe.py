"""The health check of images: asks the service of its machine whether it is ready."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from framework.runtime.operations import probe
from framework.runtime.operations.health import create_health_router
from framework.servers.ports import NOBODY
from framework.testkit import serve


def service(*, is_ready: bool) -> FastAPI:
    app = FastAPI()
    app.include_router(create_health_router({}, lambda: is_ready, lambda: None))
    return app


async def ask(*arguments: str) -> str:
    """Return why the service is not ready; nothing if it is."""
    try:
        await asyncio.to_thread(probe.main, arguments)
    except SystemExit as end:
        return str(end)
    return ""


async def test_a_service_that_is_ready_is_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPERATIONS_PORT", raising=False)
    async with serve(service(is_ready=True)) as url:
        assert await ask(url.rpartition(":")[2]) == ""


async def test_a_service_that_is_not_ready_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(service(is_ready=False)) as url:
        port = url.rpartition(":")[2]
        monkeypatch.setenv("OPERATIONS_PORT", port)  # stronger than the argument
        assert await ask("1") == f'port {port}: 503 {{"status":"starting","checks":{{}}}}'


async def test_a_service_that_does_not_answer_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPERATIONS_PORT", raising=False)
    port = str(NOBODY)
    assert (await ask(port)).startswith(f"port {port}: ")
    assert (await ask()).startswith("Which port? ")
