"""A service that does work of its own: from its start to SIGTERM, its own end, or its failure."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.process import create_process
from framework.servers.ports import HOST, free_port
from framework.testkit import eventually
from tests.runtime.transport.processes import ROOT, START

NOWHERE = "redis://127.0.0.1:1/0"

Start = Callable[..., subprocess.Popen[str]]

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(redis_url: str, port: int) -> Iterator[Start]:
    """Starts the service, with more environment variables as keywords."""
    started: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.transport.working"],
            cwd=ROOT,
            env={**os.environ, "REDIS_URL": redis_url, "OPERATIONS_PORT": str(port), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


async def status(port: int, path: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(f"http://{HOST}:{port}/health/{path}")).status_code
        except httpx.TransportError:
            return 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_works_until_it_is_told_to_stop(start: Start, port: int, number: signal.Signals) -> None:
    process = start(WORK="goes on")

    async def is_ready() -> bool:
        return await status(port, "ready") == 200

    await eventually(is_ready, within=START)
    assert await status(port, "live") == 200
    process.send_signal(number)

    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.index("begun") < said.index("given up")
    assert "Traceback" not in said


async def test_work_that_is_done_ends_the_service(start: Start) -> None:
    process = start(WORK="done")

    said, _ = process.communicate(timeout=START)

    assert process.returncode == 0
    assert "begun" in said


async def test_work_that_fails_ends_it_with_the_reason(start: Start) -> None:
    process = start(WORK="fails")

    said, _ = process.communicate(timeout=START)

    assert process.returncode == 1
    assert "the work of press has failed" in said
    assert "ValueError: no paper" in said


async def test_without_its_broker_it_waits_and_still_stops(start: Start, port: int) -> None:
    process = start(WORK="goes on", REDIS_URL=NOWHERE)

    async def is_waiting() -> bool:
        return await status(port, "ready") == 503

    await eventually(is_waiting, within=START)
    process.terminate()

    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "begun" not in said


async def test_in_a_test_the_work_runs_for_a_block(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    app = create_process(service="press", broker=EventBroker(), database=None, port=free_port(), work=work)
    async with app.running() as running:
        await begun.wait()
        assert not running.done()

    assert running.cancelled()
