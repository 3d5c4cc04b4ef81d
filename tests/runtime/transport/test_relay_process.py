"""The relay as a process of its own, beside a service that leaves it out."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.outbox.status import read_status
from framework.runtime.service import create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.ports import HOST, free_port
from framework.testkit import serve
from tests.runtime.transport.processes import START
from tests.runtime.transport.support import NOTED, STREAM, Note, until

REGISTRY = "from framework.runtime.database import Database\n\ndatabase = Database('archive')\n"
EVENTS = "from framework.runtime.broker import EventBroker\n\nbroker = EventBroker()\n"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with what is generated for a service with a database, and for one without."""
    files = {
        "services/archive/src/generated/registry.py": REGISTRY,
        "services/press/src/generated/registry.py": "",
        "shared/generated/events.py": EVENTS,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
async def database(project: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{project / 'archive.db'}"
    await migrate_runtime(url)
    database = Database("archive", url=url)
    yield database
    await database.close()


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(project: Path, redis_url: str) -> Iterator[Start]:
    """Starts a relay, with more environment variables as keywords."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(project), str(Path.cwd())]),
        "DATABASE_URL": f"sqlite:///{project / 'archive.db'}",
        "REDIS_URL": redis_url,
    }

    def start(service: str = "archive", **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "framework.runtime.outbox.relay_process", service],
            cwd=project,
            env=environment | variables,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


async def take(database: Database, broker: EventBroker, *numbers: int) -> None:
    work = UnitOfWorkFactory("archive", database.session)
    for number in numbers:
        async with work.command("notes.take") as unit:
            await publish(broker, NOTED, Note(id=number), unit.session)


async def until_in_stream(broker: EventBroker, count: int) -> None:
    async def are_there() -> bool:
        return int(await broker.redis.xlen(STREAM)) == count

    await until(are_there, START)


async def test_a_service_may_leave_it_to_another_process(
    database: Database, broker: EventBroker, start: Start, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOX_RELAY", "off")
    monkeypatch.setenv("REDIS_URL", str(broker._url))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{project / 'archive.db'}")
    app = create_worker_app(service="archive", broker=EventBroker(), database=database, register=None)
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:

        async def is_ready() -> bool:
            return (await client.get("/health/ready")).status_code == 200

        await until(is_ready)
        await take(database, broker, 1, 2)
        assert not (await read_status(database.engine)).relays
        assert await broker.redis.xlen(STREAM) == 0
        start()
        await until_in_stream(broker, 2)
        await take(database, broker, 3)
        await until_in_stream(broker, 3)


async def test_it_ends_in_order_and_says_how_it_is(
    database: Database, broker: EventBroker, start: Start
) -> None:
    port = free_port()
    relay = start(OPERATIONS_PORT=str(port))
    await take(database, broker, 1)
    await until_in_stream(broker, 1)
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False, timeout=60) as client:

        async def is_ready() -> bool:  # a check that takes too long makes it unready
            ready = await client.get("/health/ready")
            return (ready.status_code, ready.json()["status"]) == (200, "ready")

        await until(is_ready)
    relay.send_signal(signal.SIGTERM)
    _, log = await asyncio.to_thread(relay.communicate)
    assert relay.returncode == 0
    assert "archive is ready" in log
    assert "Traceback" not in log
    assert not (await read_status(database.engine)).relays, "it has taken its leave"


async def test_two_publish_each_event_once(database: Database, broker: EventBroker, start: Start) -> None:
    start()
    start()

    async def are_both_there() -> bool:
        return len((await read_status(database.engine)).relays) == 2

    await until(are_both_there, START)
    await take(database, broker, *range(40))

    async def is_all_published() -> bool:
        return (await read_status(database.engine)).published == 40

    await until(is_all_published)
    assert await broker.redis.xlen(STREAM) == 40


@pytest.mark.parametrize(
    ("service", "variables", "words"),
    [
        ("press", {}, "press has no database, hence no outbox"),
        ("shop", {}, "There is no code of a service 'shop' here"),
        ("archive", {"REDIS_URL": ""}, "REDIS_URL: is not set."),
    ],
)
def test_mistakes_are_told_in_a_line(
    start: Start, service: str, variables: dict[str, str], words: str
) -> None:
    relay = start(service, **variables)
    _, log = relay.communicate()
    assert relay.returncode == 1
    assert log.startswith(words)
    assert log.count("\n") == 1
