"""The document on CQRS that this product answers, row by row: what it has by one name is here by another.

The project is `tests/cases/cqrs`; nothing in these tests stands in for anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from framework.load import load
from framework.resolve import resolve
from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.tables import inbox, outbox
from framework.servers.redis import RedisServer
from framework.system import OperationKind
from framework.testkit import eventually, published
from tests.compiler.projects import compiled
from tests.e2e.conftest import imported
from tests.generators.cases import CASES, type_checked

MEETING = {"id": 1}
JOINED = {"meeting_id": 1, "user_id": 5}


async def rows(url: str, table: Any) -> list[Any]:
    """What a table holds."""
    database = Database("tests", url=url)
    async with database.session() as session:
        found = (await session.execute(select(table))).all()
    await database.close()
    return list(found)


def models(service: str) -> Any:
    """The tables of a service."""
    return imported(f"services.{service}.src.models")


async def members(url: str) -> list[int]:
    """Who is in the meeting 1."""
    found = await rows(url, models("meetings").Member.__table__)
    return sorted(member.user_id for member in found if member.meeting_id == 1)


async def test_command_handler_query_handler(client: httpx.AsyncClient, database_url: str) -> None:
    """Controllers' methods; which of them a method is follows from its transports."""
    system = resolve(*load(CASES / "cqrs" / "specs"))
    (domain,) = next(service for service in system.services if service.name == "meetings").domains
    kinds = {operation.name: operation.kind for operation in domain.operations}
    assert (kinds["join_meeting"], kinds["read_meeting"]) == (OperationKind.COMMAND, OperationKind.QUERY)

    assert (await client.post("/meetings", json=MEETING)).status_code == 201
    assert (await client.post("/meetings/joined", json=JOINED)).json() == JOINED
    assert await members(database_url) == [0, 5]
    assert (await client.get("/meetings/1")).json()["is_open"] is True
    await client.post("/meetings", json={"id": 7})
    assert (await client.get("/meetings/7")).status_code == 500, "a query that writes is refused"
    found = await rows(database_url, models("meetings").Meeting.__table__)
    assert [meeting.is_open for meeting in found] == [True, True]


async def test_request_mediator_request_map_event_emitter(
    client: httpx.AsyncClient, broker: EventBroker, database_url: str
) -> None:
    """One operation, found by its name, called over HTTP, by an event, by the clock and by plain code."""
    events, schemas = imported("shared.generated.events"), imported("shared.generated.schemas")
    registry = imported("services.meetings.src.generated.registry")
    operations = imported("services.meetings.src.generated.operations")
    for number in range(1, 5):
        await client.post("/meetings", json={"id": number})

    async def open_ones() -> set[int]:
        table = models("meetings").Meeting.__table__
        return {row.id for row in await rows(database_url, table) if row.is_open}

    async def leave(meeting: int) -> None:
        database, table = Database("tests", url=database_url), models("meetings").Member.__table__
        async with database.engine.begin() as connection:
            await connection.execute(table.delete().where(table.c.meeting_id == meeting))
        await database.close()

    async def is_closed(meeting: int) -> bool:
        return meeting not in await open_ones()

    await leave(1)
    await eventually(lambda: is_closed(1))  # by the clock, which calls it every second
    await leave(2)
    assert (await client.post("/meetings/closed", json={})).status_code == 204
    assert await is_closed(2)
    await leave(3)
    await events.publish_closing_requested(schemas.Closing())
    await eventually(lambda: is_closed(3))
    mediator = operations.MeetingsOperations(registry.create_meetings_controller(), registry.database.session)
    name = "close_meetings"
    await getattr(mediator, name)(payload=schemas.Closing(empty_only=False))
    assert await open_ones() == set()

    changes = await published(broker, events.MEETING_CHANGED, count=8)
    told = [schemas.MeetingRead.model_validate_json(event.data) for event in changes]
    closed = sorted(meeting.id for meeting in told if not meeting.is_open)
    assert closed == [1, 2, 3, 4], "what it tells is told whoever called it"


async def test_event_mediator_event_map_event_handlers(
    client: httpx.AsyncClient, broker: EventBroker, notices: str
) -> None:
    """The event adapter: every event of the bus finds the method of another service that handles it."""
    await client.post("/meetings", json=MEETING)
    await client.post("/meetings/joined", json=JOINED)

    async def has_noted() -> bool:
        found = await rows(notices, models("notices").Notice.__table__)
        return [(row.meeting_id, row.user_id) for row in found] == [(1, 5)]

    await eventually(has_noted)
    subscriptions = {(each.group, each.event.name): each.operation for each in broker.subscriptions}
    assert subscriptions["meetings", "join.requested"] == "meetings.join_meeting"

    async def are_handled() -> bool:  # there is no order across events of different names
        handled = {row.operation for row in await rows(notices, inbox)}
        return handled == {"notices.note_joined", "notices.copy_meeting"}

    await eventually(are_handled)


async def test_notification_and_ecst_events(
    client: httpx.AsyncClient, broker: EventBroker, notices: str, tmp_path: Path
) -> None:
    """The one carries identifiers; of the other the last for each key is all that a copy needs."""
    events = imported("shared.generated.events")
    await client.post("/meetings", json={**MEETING, "pin": "1234"})
    await client.post("/meetings/joined", json=JOINED)
    await client.post("/meetings/closed", json={"empty_only": False})

    (notification,) = await published(broker, events.MEETING_JOINED)
    assert (notification.data, notification.partitionkey) == (b'{"meeting_id":1,"user_id":5}', "1")
    *_, state = await published(broker, events.MEETING_CHANGED, count=2)
    link = "https://container.example.org/1"
    assert state.data == f'{{"id":1,"link":"{link}","is_open":false}}'.encode()
    assert (state.partitionkey, state.sequence) == ("1", 2)

    async def is_copied() -> bool:
        found = await rows(notices, models("notices").MeetingCopy.__table__)
        return [(row.id, row.link, row.is_open) for row in found] == [(1, link, False)]

    await eventually(is_copied)
    specs = {
        "shared/spec/models.yaml": """
            models:
              Meeting:
                fields: {id: {type: int}, link: {type: string}}
                variants: {Brief: {only: [id]}, Read: {}}
        """,
        "shared/spec/events.yaml": """
            events:
              meeting.joined: {message: MeetingRead, kind: notification}
              meeting.closed: {message: MeetingBrief, key: id, kind: state_transfer}
              meeting.moved: {message: MeetingRead, kind: state_transfer}
        """,
    }
    said = [(found.code, found.message) for found in compiled(tmp_path, specs)[1]]
    assert said == [
        ("event-kind", "a notification carries identifiers and times only, and MeetingRead has 'link'"),
        ("event-kind", "a state transfer carries the whole state of Meeting, and MeetingBrief has no 'link'"),
        ("event-kind", "a state transfer carries the state of something, and no key says of what"),
    ]


async def test_events_gathered_while_a_command_runs_and_emitted_after_it(
    client: httpx.AsyncClient, broker: EventBroker, database_url: str
) -> None:
    """From anywhere below the controller; of a command that fails nothing is told."""
    events = imported("shared.generated.events")
    for number in (1, 2, 13):
        await client.post("/meetings", json={"id": number})
    await published(broker, events.MEETING_CHANGED, count=3)

    assert (await client.post("/meetings/closed", json={"empty_only": False})).status_code == 500
    assert len(await rows(database_url, outbox)) == 3, "nothing was written"
    found = await rows(database_url, models("meetings").Meeting.__table__)
    assert [row.is_open for row in found] == [True] * 3

    database, table = Database("tests", url=database_url), models("meetings").Meeting.__table__
    async with database.engine.begin() as connection:
        await connection.execute(table.delete().where(table.c.id == 13))
    await database.close()
    assert (await client.post("/meetings/closed", json={"empty_only": False})).status_code == 204
    emitted = await published(broker, events.MEETING_CHANGED, count=5)
    assert sorted(event.subject or "" for event in emitted) == ["1", "1", "13", "2", "2"]


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_sqlalchemy_outbox_and_the_producer_from_outbox_to_broker(
    client: httpx.AsyncClient, broker: EventBroker, database_url: str, redis_server: RedisServer
) -> None:
    """An event is a row in the command's transaction; a relay puts it on the broker when that is there."""
    redis_server.kill()
    assert (await client.post("/meetings", json=MEETING)).status_code == 201
    (row,) = await rows(database_url, outbox)
    assert (row.type, row.key, row.published_at) == ("meeting.changed", "1", None)

    redis_server.start()
    (event,) = await published(broker, imported("shared.generated.events").MEETING_CHANGED, within=60)
    assert (event.id, event.source) == (row.id, "meetings")

    async def is_marked() -> bool:
        (row,) = await rows(database_url, outbox)
        return row.published_at is not None

    await eventually(is_marked)


def test_kafka_and_amqp_brokers(tmp_path: Path) -> None:
    """Of the language already, of the runtime later: refused in plain words."""
    for name in ("kafka", "rabbitmq"):
        services = f"version: 2\nservices: []\nevents: {{broker: {name}}}\n"
        (found,) = compiled(tmp_path, {"services.yml": services})[1]
        assert (found.code, found.message) == ("not-supported", f"broker {name!r} is not supported yet")


async def test_dependency_container(client: httpx.AsyncClient, broker: EventBroker) -> None:
    """dishka makes the controllers: its resolve function is the factory that the registry takes."""
    opened = (await client.post("/meetings", json=MEETING)).json()
    assert opened["link"] == "https://container.example.org/1", "the links are those of the container"
    events, schemas = imported("shared.generated.events"), imported("shared.generated.schemas")
    await events.publish_join_requested(schemas.Membership(**JOINED))
    await published(broker, events.MEETING_JOINED)


@pytest.mark.timeout(600)  # the others are waited for
def test_dependency_container_as_a_type_checker_sees_it(project: Path) -> None:
    """What the container gives is what the registry takes."""
    done = type_checked(project)
    assert done.returncode == 0, done.stdout


async def test_bootstrap(project: Path, broker: EventBroker, notices: str, redis_url: str) -> None:
    """`create_app()` is generated; `main.py` has three lines, and `notices` runs on nothing else."""
    text = (project / "services/notices/src/main.py").read_text()
    _, *lines = [line for line in text.splitlines() if line]
    assert lines == ["from services.notices.src.generated.app import create_app", "app = create_app()"]
    events, schemas = imported("shared.generated.events"), imported("shared.generated.schemas")
    await events.publish_meeting_joined(schemas.Membership(**JOINED))

    async def has_noted() -> bool:
        return len(await rows(notices, models("notices").Notice.__table__)) == 1

    await eventually(has_noted)
