"""`framework outbox`: what it tells, what it does, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from framework.runtime.database import Database
from framework.runtime.envelope import now
from framework.runtime.migrate import migrate_runtime
from framework.runtime.outbox.drain import drain
from framework.runtime.outbox.relays_seen import SignOfLife
from framework.runtime.outbox.replay import REPLAYABLE
from framework.runtime.tables import outbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.ports import NOBODY
from tests.administration.conftest import Commands
from tests.runtime.data.support import OrderPlaced, broker, publish_order_placed

SERVICES = """\
version: 2
services:
  - {name: shop, type: python-fastapi, description: Sells., database: true, port: 8001}
  - {name: press, type: python-faststream, description: Prints., port: 8002}
"""
MINUTE = timedelta(minutes=1)

Use = Callable[[Callable[[Database], Awaitable[Any]]], Any]


@pytest.fixture(params=["sqlite", "postgres"])
def use(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Does something on the database of the shop, on each kind in turn."""
    (project / "services.yml").write_text(SERVICES)
    is_postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if is_postgres else f"sqlite:///{project}/.dev/shop.db"
    if is_postgres:
        monkeypatch.setenv("SHOP_DATABASE_URL", url)
    asyncio.run(migrate_runtime(url))

    def use(work: Callable[[Database], Awaitable[Any]]) -> Any:
        async def do() -> Any:
            database = Database("shop", url=url)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(do())

    broker.reset()
    yield use
    broker.reset()


async def place(database: Database, *numbers: int, customer: str = "ann") -> None:
    work = UnitOfWorkFactory("shop", database.session)
    for number in numbers:
        async with work.command("orders.place") as unit:
            event = OrderPlaced(customer=customer, number=number)
            await publish_order_placed(event, session=unit.session)


async def place_and_publish(database: Database, *numbers: int) -> list[str]:
    """Orders that were published, and the ids of their events."""
    await place(database, *numbers)
    await drain(database.engine, broker, 500)
    ids = [event.id for event in broker.events]
    broker.reset()
    return ids


async def change(database: Database, number: int, **values: Any) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(update(outbox).where(outbox.c.sequence == number).values(**values))


async def drained(database: Database) -> list[int]:
    await drain(database.engine, broker, 500)
    return broker.numbers


def test_the_status_for_people(framework: Commands, use: Use) -> None:
    async def prepare(database: Database) -> str:
        await place_and_publish(database, 1, 2)
        await place(database, 3)
        await place(database, 4, customer="bob")
        broker.refuse = {3}
        await drain(database.engine, broker, 500)
        await place(database, 5)
        await SignOfLife().give(database.engine)
        async with database.session() as session:
            return str(await session.scalar(select(outbox.c.id).where(outbox.c.sequence == 3)))

    id_ = use(prepare)
    assert framework("outbox", "status") == 0, framework.err
    titles, shop, refused, relay = framework.out.splitlines()
    assert titles.split() == ["SERVICE", "WAITING", "OLDEST", "REFUSED", "PUBLISHED", "RELAYS"]
    assert re.fullmatch(r"shop +2 +\d+ s +1 +3 +1", shop)
    words = "was refused 1 time, and is tried again: ValueError: too large"
    assert re.fullmatch(rf"shop: order.placed {id_} \(\d+ s old\) {words}", refused)
    assert re.fullmatch(r"shop: relay \S+, seen \d+ s ago", relay)


def test_the_status_for_machines(framework: Commands, use: Use) -> None:
    use(lambda database: place(database, 1))
    assert framework("outbox", "status", "--service", "shop", "--format", "json") == 0
    told = json.loads(framework.out)["shop"]
    assert 0 <= told.pop("oldest_waiting_age") < 60
    assert told == {
        "waiting": 1,
        "refused_count": 0,
        "refused": [],
        "published": 0,
        "oldest_published_age": None,
        "relays": [],
    }


def test_it_says_when_no_relay_is_at_work(framework: Commands, use: Use) -> None:
    use(lambda database: place(database, 1))
    assert framework("outbox", "status") == 0
    assert "shop: no relay is at work: start the service" in framework.out


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (["--since", "10m"], [2, 3]),
        (["--since", "10m", "--event", "order.placed"], [2, 3]),
        (["--since", "2h"], [1, 2, 3]),
        (["--event", "order.placed", "--service", "shop"], [1, 2, 3]),
        (["--event", "order.lost"], []),
    ],
)
def test_what_fits_is_published_again_in_order(
    framework: Commands, use: Use, filters: list[str], numbers: list[int]
) -> None:
    async def prepare(database: Database) -> None:
        await place_and_publish(database, 1, 2, 3)
        await change(database, 1, published_at=now() - 30 * MINUTE)
        await place(database, 4)

    use(prepare)
    assert framework("outbox", "replay", *filters, "--dry-run") == 0
    assert use(drained) == [4], "nothing was done yet"
    broker.reset()
    use(lambda database: change(database, 4, published_at=now() - 300 * MINUTE, type="order.billed"))
    assert framework("outbox", "replay", *filters) == 0, framework.err
    assert use(drained) == numbers
    expected = f"{len(numbers)} events to be published again" if numbers else "No event that is still kept"
    assert expected in framework.out


def test_one_by_its_id(framework: Commands, use: Use) -> None:
    ids = use(lambda database: place_and_publish(database, 1, 2, 3))
    assert framework("outbox", "replay", "--id", ids[1]) == 0
    assert "shop: 1 event order.placed" in framework.out
    assert use(drained) == [2]


def test_many_are_published_again_in_batches_and_only_when_it_is_meant(
    framework: Commands, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framework.runtime.outbox.replay.BATCH", 50)
    numbers = list(range(101))
    use(lambda database: place_and_publish(database, *numbers))
    assert framework("outbox", "replay", "--since", "1h") == 1
    assert framework.err == "101 events would be published again: add --yes to do it.\n"
    assert framework("outbox", "replay", "--since", "1h", "--yes") == 0
    assert use(drained) == numbers


def test_what_an_inbox_may_have_forgotten_is_left_out(framework: Commands, use: Use) -> None:
    async def prepare(database: Database) -> None:
        await place_and_publish(database, 1, 2)
        await change(database, 1, created_at=now() - REPLAYABLE - MINUTE)

    use(prepare)
    assert framework("outbox", "replay", "--since", "1h") == 0
    assert "shop: 1 event is left out: older than 6 days" in framework.out
    assert use(drained) == [2]


def test_a_relay_of_ones_own_needs_a_service_with_an_outbox(framework: Commands, project: Path) -> None:
    (project / "services.yml").write_text(SERVICES)
    assert framework("relay", "--service", "press") == 1
    assert "run `make generate-from-spec`" in framework.err
    for folder in ("shop/src/generated", "press/src/generated", "shop/migrations"):
        (project / "services" / folder).mkdir(parents=True)
    (project / "services/shop/migrations/env.py").touch()
    assert framework("relay", "--service", "press") == 1
    assert framework.err == "press has no database: services.yml does not say `database: true`\n"


def test_mistakes_are_told_with_their_cure(
    framework: Commands, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "services.yml").write_text(SERVICES)

    def refusal(*arguments: str) -> str:
        assert framework("outbox", *arguments) == 1
        assert not framework.out
        (line,) = framework.err.splitlines()
        return line

    assert refusal("replay") == (
        "Say which events: --since 2h, --event user.created, --id …, or several of these."
    )
    assert refusal("status", "--service", "shp") == "There is no service 'shp'; did you mean 'shop'?"
    assert refusal("status", "--service", "press").startswith("press has no database, hence no outbox")
    assert refusal("status") == "shop: there is no database yet: run `make migrate`"
    (project / ".dev").mkdir()
    (project / ".dev" / "shop.db").touch()
    assert refusal("replay", "--since", "1h") == (
        "shop: the database is not up to date: run `make migrate service=shop`"
    )
    monkeypatch.setenv("SHOP_DATABASE_URL", f"postgresql://me:secret@127.0.0.1:{NOBODY}/shop")
    line = refusal("status")
    assert "cannot connect to the database" in line
    assert "SHOP_DATABASE_URL" in line
    assert "secret" not in line
