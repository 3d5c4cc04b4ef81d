"""What a run has left behind, read from the databases of the services and from Redis."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from framework.chaos.load import Answers
from framework.runtime.database import create_engine
from framework.runtime.envelope import CloudEvent, InvalidEnvelope
from framework.runtime.redis_streams.dead_letters import name_of
from framework.runtime.redis_streams.wire import decode
from framework.runtime.tables import inbox, outbox
from framework.system import Event, Operation, Service, System

_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Committed:
    """An event that the transaction of a service has committed, or that came from outside."""

    id: str
    source: str
    type: str
    key: str | None
    sequence: int | None
    created_at: datetime
    causationid: str | None
    content: Any
    """The message, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter."""

    group: str
    operation: str
    event_id: str | None
    error_type: str
    error: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An operation that handles an event."""

    service: str
    operation: Operation
    event: Event
    is_recorded: bool
    """Whether it leaves a row in an inbox."""

    @property
    def name(self) -> str:
        """Its name in the account."""
        return f"{self.service}.{self.operation.qualified_name}"


@dataclass(slots=True)
class Evidence:
    """Everything that the account is made from."""

    sources: frozenset[str]
    """The services with an outbox."""
    subscribers: Sequence[Subscriber]
    answers: Answers
    committed: dict[str, Committed] = field(default_factory=dict)
    outboxes: dict[str, list[Committed]] = field(default_factory=dict)
    """The committed events once more, by the service whose outbox has them."""
    unpublished: list[str] = field(default_factory=list)
    """The ids of rows that no relay has marked."""
    streams: dict[str, list[CloudEvent]] = field(default_factory=dict)
    """By the name of the event, what lies in its stream, oldest first."""
    unreadable: list[str] = field(default_factory=list)
    inboxes: dict[str, dict[tuple[str, str, str], datetime]] = field(default_factory=dict)
    """By service: operation, source and id of what was handled, and when."""
    letters: list[Letter] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """What the groups still had to do, in words."""


def subscribers_of(system: System, services: Sequence[Service]) -> list[Subscriber]:
    """Who handles which event."""
    return [
        Subscriber(
            service.name,
            operation,
            operation.subscription,
            service.database and (operation.transaction or operation.on_success is not None),
        )
        for service in services
        for domain in service.event_domains
        for operation in domain.subscriptions
        if operation.subscription
    ]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look."""

    system: System
    services: Sequence[Service]
    databases: Mapping[str, str]
    """The URL of the database of each service that has one."""
    redis_url: str

    def stream(self, event: str) -> str:
        """The stream of the events of this name."""
        return self.system.stream_prefix + event


async def open_work(scene: Scene) -> list[str]:
    """What is still to be published or handled, in words; empty when everything is settled."""
    found: list[str] = []
    async with Redis.from_url(scene.redis_url, protocol=2) as redis:
        for subscriber in subscribers_of(scene.system, scene.services):
            found += await _open_in_group(redis, scene.stream(subscriber.event.name), subscriber.service)
    for service, url in scene.databases.items():
        async with _connect(url) as connection:
            statement = select(func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))
            if waiting := await connection.scalar(statement):
                found.append(f"{waiting} rows wait in the outbox of {service}")
    return found


async def _open_in_group(redis: Redis, stream: str, group: str) -> list[str]:
    try:
        groups: Any = await redis.xinfo_groups(stream)
        info: Any = await redis.xinfo_stream(stream)
    except ResponseError:
        return []  # nothing was ever published, and nobody has looked
    state = next((each for each in groups if each["name"] == group.encode()), None)
    if state is None:
        return [f"{stream} has no group {group}"] if info["length"] else []
    found = []
    if state["pending"]:
        found.append(f"{state['pending']} of {stream} are pending in {group}")
    if state["last-delivered-id"] != info["last-generated-id"]:
        found.append(f"{group} has not read {stream} to its end")
    return found


async def gather(scene: Scene, answers: Answers) -> Evidence:
    """Read everything; to be done when nothing runs any more."""
    evidence = Evidence(
        sources=frozenset(scene.databases),
        subscribers=subscribers_of(scene.system, scene.services),
        answers=answers,
        open=await open_work(scene),
    )
    evidence.committed |= {event.id: _without_outbox(event) for event in answers.outside}
    for service, url in scene.databases.items():
        async with _connect(url) as connection:
            await _read_database(service, connection, evidence)
    async with Redis.from_url(scene.redis_url, protocol=2) as redis:
        await _read_redis(scene, redis, evidence)
    for events in evidence.streams.values():
        for event in events:
            if event.source not in evidence.sources:
                evidence.committed.setdefault(event.id, _without_outbox(event))
    return evidence


def _without_outbox(event: CloudEvent) -> Committed:
    """An event of a service without a database, or from outside: it is there once Redis has taken it."""
    content = json.loads(event.data)
    return Committed(
        event.id, event.source, event.type, event.partitionkey, None, event.time, event.causationid, content
    )


@asynccontextmanager
async def _connect(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_engine(url, application="chaos")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _read_database(service: str, connection: AsyncConnection, evidence: Evidence) -> None:
    rows = (await connection.execute(select(outbox).order_by(outbox.c.position))).all()
    events = [
        Committed(
            row.id,
            row.source,
            row.type,
            row.key,
            row.sequence,
            row.created_at,
            row.causationid,
            json.loads(row.data),
        )
        for row in rows
    ]
    evidence.outboxes[service] = events
    evidence.committed |= {event.id: event for event in events}
    evidence.unpublished += [row.id for row in rows if row.published_at is None]
    evidence.inboxes[service] = {
        (row.operation, row.source, row.id): row.handled_at for row in await connection.execute(select(inbox))
    }


async def _read_redis(scene: Scene, redis: Redis, evidence: Evidence) -> None:
    for event in scene.system.events:
        found = evidence.streams[event.name] = []
        async for entry, fields in _entries(redis, scene.stream(event.name)):
            try:
                found.append(decode(fields))
            except InvalidEnvelope as error:
                evidence.unreadable.append(f"{event.name} {entry.decode()}: {error}")
    for service in scene.services:
        async for _, fields in _entries(redis, scene.stream(name_of(service.name))):
            evidence.letters.append(_letter(fields))


async def _entries(redis: Redis, stream: str) -> AsyncIterator[tuple[bytes, Mapping[bytes, bytes]]]:
    after = "-"
    while True:
        page: Any = await redis.xrange(stream, after, "+", count=_PAGE)
        for entry in page:
            yield entry
        if len(page) < _PAGE:
            return
        after = f"({page[-1][0].decode()}"


def _letter(fields: Mapping[bytes, bytes]) -> Letter:
    text = defaultdict(str, {name.decode(): value.decode(errors="replace") for name, value in fields.items()})
    return Letter(
        text["group"], text["operation"], text["event_id"] or None, text["error_type"], text["error"]
    )
