"""The two services of `tests/cases/cqrs`, made by the compiler, on real servers."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.migrate import migrate_runtime
from framework.servers.ports import free_port
from framework.testkit import eventually, serve
from tests.generators.cases import CASES, make_project

ROOTS = ("services", "shared")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project, whose packages can be imported."""
    root = make_project(CASES / "cqrs", tmp_path_factory.mktemp("cqrs"))
    paths = [str(root), str(root / "shared")]
    sys.path[:0] = paths
    yield root
    sys.path[:] = [path for path in sys.path if path not in paths]
    for name in [name for name in sys.modules if name.partition(".")[0] in ROOTS]:
        del sys.modules[name]


@pytest.fixture
def broker(project: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The broker of the project, on an empty Redis."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    return imported("shared.generated.events").broker


@pytest.fixture
async def address(
    broker: EventBroker, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Where the service `meetings` listens; it runs in this process."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    await make_tables("meetings", database_url)
    app = imported("services.meetings.src.generated.app").create_app()
    async with serve(app) as found:
        await eventually(lambda: is_ready(found), within=90)
        yield found


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service `meetings`."""
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as found:
        yield found


@pytest.fixture
async def notices(project: Path, broker: EventBroker, redis_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of the database of the service `notices`, which runs in a process of its own."""
    url = f"sqlite:///{tmp_path / 'notices.db'}"
    await make_tables("notices", url)
    async with running(project, "notices", {"DATABASE_URL": url, "REDIS_URL": redis_url}):
        yield url


@asynccontextmanager
async def running(
    project: Path, service: str, variables: dict[str, str]
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a service as `make dev` does, in a process of its own, which may be killed."""
    port = free_port()
    process = _start(project, service, port, variables)
    address = f"http://127.0.0.1:{port}"
    try:
        await eventually(lambda: is_ready(address), within=90)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _start(project: Path, service: str, port: int, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    roots = os.pathsep.join([str(project), str(project / "shared"), str(project / ".framework")])
    with (project / f"{service}-{port}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "uvicorn", f"services.{service}.src.main:app", "--port", str(port)],
            cwd=project,
            env={**os.environ, "PYTHONPATH": roots, **variables},
            stdout=log,
            stderr=log,
        )


async def is_ready(address: str) -> bool:
    """Whether a service can do its work."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        try:
            return (await client.get("/health/ready")).status_code == 200
        except httpx.TransportError:
            return False


async def make_tables(service: str, url: str) -> None:
    """Make the tables of a service and those of the runtime."""
    await migrate_runtime(url)
    database = imported("framework.runtime.database").Database(service, url=url)
    async with database.engine.begin() as connection:
        await connection.run_sync(imported(f"services.{service}.src.models").Base.metadata.create_all)
    await database.close()


def imported(module: str) -> Any:
    """A module of the project, of which type checkers here know nothing."""
    return importlib.import_module(module)
