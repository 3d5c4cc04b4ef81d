"""A service that does work of its own: what it writes and publishes is committed together, and sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from redis import Redis

from framework.runtime.redis_streams.wire import decode
from framework.servers.ports import free_port
from tests.dev.projects import MadeProject
from tests.servers.processes import ROOT

SERVICES = """\
version: 2
services:
  - {name: clerk, type: python, database: true, publishes: [bill.sent]}
"""
MODELS = "models:\n  Bill:\n    fields:\n      id: {type: int}\n"
EVENTS = "events:\n  bill.sent: {message: Bill, key: id}\n"
MAIN = """\
from services.clerk.src.generated.app import create_app
from services.clerk.src.generated.registry import transactions
from shared.generated.events import publish_bill_sent
from shared.generated.schemas import Bill


async def work() -> None:
    for number in (1, 2):
        try:
            async with transactions.command("work") as unit:
                await publish_bill_sent(Bill(id=number), session=unit.session)
                if number == 1:
                    raise ValueError("no paper")
        except ValueError:
            pass


app = create_app(work)

if __name__ == "__main__":
    app.run()
"""


def test_what_is_published_in_a_transaction_is_sent_if_it_is_committed(tmp_path: Path) -> None:
    project = MadeProject(tmp_path / "project")
    shared = project.root / "shared"
    (shared / "shared/__init__.py").write_bytes((ROOT / "template/shared/shared/__init__.py").read_bytes())
    project.write(project.root / "services.yml", SERVICES)
    project.write(shared / "spec/models.yaml", MODELS)
    project.write(shared / "spec/events.yaml", EVENTS)
    done = project.run("sync")
    assert done.returncode == 0, done.stdout + done.stderr
    project.write(project.root / "services/clerk/src/main.py", MAIN)
    project.settings = {"CLERK_PORT": str(free_port())}

    with project.running() as dev:
        url = dev.wait_for(r"Redis is at (redis://\S+)")
        dev.wait_for("clerk ended with exit code 0")
        with Redis.from_url(url) as redis:
            entries: Any = redis.xrange("bill.sent")
        assert [decode(fields).data for _, fields in entries] == [b'{"id":2}']
        assert dev.stop() == 0
