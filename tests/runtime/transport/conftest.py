import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from framework.runtime.broker import EventBroker
from framework.runtime.migrate import migrate_runtime
from tests.runtime.transport import archive
from tests.runtime.transport.processes import Gate, Process


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[EventBroker]:
    broker = EventBroker(url=redis_url)
    broker.source = "tests"
    yield broker
    await broker.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consumers look for what is due several times a second."""
    monkeypatch.setattr("framework.runtime.redis_streams.consumer._SWEEP", 0.1)


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of the service in `worker.py`, which `DATABASE_URL` names."""
    path = tmp_path / "archive.db"
    url = f"sqlite:///{path}"
    monkeypatch.setenv("DATABASE_URL", url)
    await migrate_runtime(url)
    engine = create_engine(url)
    archive.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Shut, for a service that is to wait at it: `run(GATE=gate)`."""
    return Gate(tmp_path / "gate")


@pytest.fixture
def run(tmp_path: Path, redis_url: str, database: Path) -> Iterator[Callable[..., Process]]:
    """Starts services by their module, with more environment variables as keywords; None takes one away."""
    started: list[Process] = []

    def start(module: str = "worker", **variables: Any) -> Process:
        environment = {**os.environ, "REDIS_URL": redis_url, **variables}
        environment = {name: str(value) for name, value in environment.items() if value is not None}
        process = Process(tmp_path, environment, module)
        started.append(process)
        return process

    yield start
    for process in started:
        process.popen.kill()
        process.popen.wait()
        # Seen only if the test fails.
        print(f"---- the log of {process.address}\n{process.log}")
