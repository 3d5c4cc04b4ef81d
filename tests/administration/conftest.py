"""A project at work: its Redis, events that its services have given up, and its commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.dead_letters import name_of
from framework.runtime.redis_streams.wire import encode
from tests.runtime.transport.support import NOTED, Note

SERVICES = """\
version: 2
events: {broker: redis, stream_prefix: "shop:"}
services:
  - {name: archive, type: python-faststream, description: Keeps notes., port: 8001}
  - {name: press, type: python-faststream, description: Prints notes., port: 8002}
"""


class Commands:
    """Runs commands in a project; `out` and `err` are what the last one said."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._root = root
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        status = main([arguments[0], "--root", str(self._root), *arguments[1:]])
        self.out, self.err = self._capsys.readouterr()
        return status


@pytest.fixture
def project(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project whose Redis runs."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    (tmp_path / "services.yml").write_text(SERVICES)
    return tmp_path


@pytest.fixture
def framework(project: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    """`framework("dlq", "list")` returns the exit status."""
    return Commands(project, capsys)


@pytest.fixture
def give_up(redis_url: str) -> Callable[..., str]:
    """Writes a dead letter as a consumer does, and returns its id."""

    async def write(service: str, note: Note, values: dict[str, Any]) -> str:
        broker = EventBroker(stream_prefix="shop:", url=redis_url)
        event = NOTED.envelope(note, source="tests")
        record: dict[Any, Any] = {
            "original_id": "1-1",
            "stream": "shop:note.taken",
            "group": service,
            "operation": "notes.keep",
            "consumer": "host-1",
            "deliveries": "4",
            "crashes": "0",
            "redrives": "0",
            "error_type": "LookupError",
            "error": "no such shelf",
            "first_failed_at": "2026-01-31T12:00:00.000+00:00",
            "failed_at": "2026-01-31T12:00:36.000+00:00",
            **values,
        }
        fields: dict[Any, Any] = encode(event)
        message = {b"message." + name: value for name, value in fields.items()}
        id_: Any = await broker.redis.xadd("shop:" + name_of(service), record | message)
        await broker.close()
        return str(id_.decode())

    def give_up(note: Note, service: str = "archive", **values: Any) -> str:
        return asyncio.run(write(service, note, values))

    return give_up


@pytest.fixture
def ask(redis_url: str) -> Callable[..., Any]:
    """Sends one command to Redis, and returns the answer as it came."""

    async def execute(arguments: tuple[Any, ...]) -> Any:
        broker = EventBroker(url=redis_url)
        client: Any = broker.redis
        client.response_callbacks.clear()
        answer = await client.execute_command(*arguments)
        await broker.close()
        return answer

    return lambda *arguments: asyncio.run(execute(arguments))
