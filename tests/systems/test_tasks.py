"""The system of the first seed: auth, tasks and notifications, made by `make sync-services`, and run.

`tasks/` is what a person writes: entries, specs, tables, controllers. Everything else is made here, by the
commands that a person calls, and `make dev` runs the three services as processes of their own.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from framework.load import load
from framework.resolve import resolve
from framework.runtime.redis_streams.wire import decode
from framework.servers.ports import free_port
from framework.testkit import eventually
from tests.dev.projects import Dev, MadeProject
from tests.servers.processes import ROOT

SYSTEM = Path(__file__).parent / "tasks"
SERVICES = ("auth", "tasks", "notifications")
EVENTS = {
    *("user.created", "user.updated", "user.deleted"),
    *("task.created", "task.updated", "task.deleted", "task.assigned", "task.completed"),
    *("notification.sent", "notification.failed"),
}
BY_NOTIFICATIONS = {"notification.sent", "notification.failed"}


@dataclass
class Running:
    """The system while it runs: a client of each service, and the broker."""

    auth: httpx.AsyncClient
    tasks: httpx.AsyncClient
    notifications: httpx.AsyncClient
    redis: Redis

    async def told(self, task: int, count: int) -> list[tuple[int, str, str]]:
        """Who was told what of a task, and whether it worked, once there are so many notifications."""
        found: list[dict[str, Any]] = []

        async def are_there() -> bool:
            answer = await self.notifications.get("/notifications", params={"task_id": task})
            found[:] = answer.json()
            return len(found) >= count

        await eventually(are_there, within=60)
        return [(each["user_id"], each["text"], each["status"]) for each in found]

    async def has_recipients(self, *ids: int) -> None:
        """Wait until `notifications` knows just these users."""

        async def are_there() -> bool:
            known = (await self.notifications.get("/recipients")).json()
            return [each["id"] for each in known] == list(ids)

        await eventually(are_there, within=60)

    def published(self, event: str) -> list[dict[str, Any]]:
        """The messages of all events of this name, oldest first."""
        entries: Any = self.redis.xrange(f"events:{event}")
        return [_message(fields) for _, fields in entries]


def _message(fields: dict[bytes, bytes]) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(decode(fields).data)
    return message


@pytest.fixture
def project(tmp_path: Path) -> MadeProject:
    """The project, with all that follows from what a person wrote."""
    root = tmp_path / "project"
    project = MadeProject(root)
    shutil.copytree(SYSTEM, root, dirs_exist_ok=True)
    shutil.copy(ROOT / "template" / "shared" / "shared" / "__init__.py", root / "shared" / "shared")
    project.settings = {f"{name.upper()}_PORT": str(free_port()) for name in SERVICES}
    for command in (["sync"], ["sync", "--check"], ["lint"], ["makemigrations", "first"]):
        done = project.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


@contextmanager
def redis_of(dev: Dev) -> Iterator[Redis]:
    """A client of the Redis that the services use."""
    client = Redis.from_url(dev.wait_for(r"Redis is at (redis://\S+)"))
    try:
        yield client
    finally:
        client.close()


def test_the_catalogue_has_the_ten_events_and_all_are_published() -> None:
    specs, diagnostics = load(SYSTEM)
    system = resolve(specs, diagnostics)
    assert not list(diagnostics)
    assert {event.name for event in system.events} == EVENTS


@pytest.mark.timeout(300)
def test_people_are_told_of_tasks_and_what_was_told_is_published(project: MadeProject) -> None:
    with project.running() as dev:
        for name in SERVICES:
            dev.wait_for(f"{name} is ready")
        with redis_of(dev) as redis:
            asyncio.run(_walk_through(project, redis))
        assert dev.stop() == 0


async def _walk_through(project: MadeProject, redis: Redis) -> None:
    addresses = [f"http://127.0.0.1:{project.settings[f'{name.upper()}_PORT']}" for name in SERVICES]
    auth, tasks, notifications = (
        httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) for address in addresses
    )
    async with auth, tasks, notifications:
        await _tell_everybody(Running(auth, tasks, notifications, redis))


async def _tell_everybody(system: Running) -> None:
    creator, admin, worker = [await _registered(system, name) for name in ("Ann", "Bob", "Eve")]
    await system.has_recipients(creator, admin, worker)
    stranger = 99

    task = {"title": "Fix bug", "creator_id": creator, "admin_id": admin, "worker_ids": [worker, stranger]}
    made = (await system.tasks.post("/tasks", json=task)).json()
    told = await system.told(made["id"], 2)
    assert told == [(worker, "New task: Fix bug", "sent"), (stranger, "New task: Fix bug", "failed")]

    address = f"/tasks/{made['id']}"
    assert (await system.tasks.patch(address, json={"title": "Fix it"})).is_success
    assert (await system.told(made["id"], 3))[2:] == [(admin, "Task changed: Fix it", "sent")]
    assert (await system.tasks.post(f"{address}/workers", json={"worker_ids": [worker]})).is_success
    assert (await system.tasks.post(f"{address}/completion")).json()["is_done"] is True
    assert (await system.told(made["id"], 4))[3:] == [(creator, "Task done: Fix it", "sent")]
    assert (await system.tasks.delete(address)).status_code == 204

    change = {"email": "eve@example.com"}
    assert (await system.auth.patch(f"/users/{worker}", json=change)).json()["email"] == "eve@example.com"
    assert (await system.auth.delete(f"/users/{worker}")).status_code == 204
    await system.has_recipients(creator, admin)

    expected = Counter(dict.fromkeys(EVENTS, 1)) + Counter({"user.created": 2, "notification.sent": 2})

    async def are_published() -> bool:
        return {name: len(system.published(name)) for name in EVENTS} == expected

    await eventually(are_published, within=60)
    assert [each["user_id"] for each in system.published("notification.sent")] == [worker, admin, creator]
    assert [each["user_id"] for each in system.published("notification.failed")] == [stranger]
    (created,) = system.published("task.created")
    assert created == {**task, "id": made["id"], "is_done": False}


async def _registered(system: Running, name: str) -> int:
    user = {"email": f"{name.lower()}@example.org", "full_name": name}
    answer = await system.auth.post("/users", json=user)
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number
