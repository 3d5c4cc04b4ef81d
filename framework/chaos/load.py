"""The load: clients that call the services, and publishers of what comes from outside."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx

from framework.chaos.calls import Call, Caller, Claim, Route, claim_of
from framework.chaos.samples import NoSample, Samples
from framework.runtime.broker import EventBroker
from framework.runtime.envelope import CloudEvent, now, uuid7
from framework.runtime.transport import BrokerUnavailable
from framework.system import Event, System
from framework.types import SchemaType

SOURCE: Final = "chaos"
"""The `source` of the events that come from outside."""
CLIENTS: Final = 16
_TIMEOUT: Final = 3.0
_CUT_OFF: Final = "cut off"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of whom."""

    routes: list[Route]
    addresses: Mapping[str, Sequence[str]]
    """Those of the replicas, by service."""
    outside: Sequence[Event]
    """Events that only somebody outside publishes."""
    rate: float
    """Calls per second; of each event from outside there are a third as many."""


@dataclass(slots=True)
class Answers:
    """What came of it."""

    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By route, the statuses and how many were cut off."""
    successes: list[tuple[Call, Any]] = field(default_factory=list)
    """The calls that were answered 2xx, and with what."""
    claims: list[Claim] = field(default_factory=list)
    outside: list[CloudEvent] = field(default_factory=list)
    """The events from outside that Redis has acknowledged."""
    impossible: dict[str, str] = field(default_factory=dict)
    """What could not be called or published, and why."""


class Load:
    """Runs in a thread of its own, from `start` until `stop`."""

    def __init__(self, system: System, plan: Plan, broker: EventBroker, seed: int) -> None:
        self.answers = Answers()
        self._system = system
        self._plan = plan
        self._broker = broker
        self._seed = seed
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, when the last call is answered. Raises what went wrong in the load itself."""
        self._ended.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._everything())
        except BaseException as error:
            self._failure = error

    async def _everything(self) -> None:
        self._broker.source = SOURCE
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, limits=limits) as client,
            asyncio.TaskGroup() as group,
        ):
            if self._plan.routes:
                for number in range(CLIENTS):
                    group.create_task(self._call(client, number))
            for event in self._plan.outside:
                group.create_task(self._publish(event))
        await self._broker.close()

    async def _call(self, client: httpx.AsyncClient, number: int) -> None:
        random = Random(f"{self._seed}:{number}")  # noqa: S311
        caller = Caller(self._system, self._plan.routes, random)
        while not self._ended.is_set():
            call = caller.next()
            self.answers.impossible |= caller.impossible
            if call is None:
                return
            await self._send(client, caller, call, random)
            await asyncio.sleep(random.uniform(0.5, 1.5) * CLIENTS / self._plan.rate)

    async def _send(self, client: httpx.AsyncClient, caller: Caller, call: Call, random: Random) -> None:
        address = random.choice(self._plan.addresses[call.route.service])
        try:
            response = await client.request(
                call.method,
                address + call.path,
                params=call.query,
                headers={**call.headers, "cookie": "; ".join(f"{k}={v}" for k, v in call.cookies.items())},
                json=call.payload,
            )
        except httpx.HTTPError:
            self.answers.statuses[call.route.name, _CUT_OFF] += 1
            return
        self.answers.statuses[call.route.name, str(response.status_code)] += 1
        if response.is_success:
            answer = response.json() if response.content else None
            caller.remember(call, answer)
            self.answers.successes.append((call, answer))
            if claim := claim_of(call, answer):
                self.answers.claims.append(claim)

    async def _publish(self, event: Event) -> None:
        random = Random(f"{self._seed}:{event.name}")  # noqa: S311
        samples = Samples(self._system, random)
        while not self._ended.is_set():
            try:
                message = samples.of(SchemaType(event.message))
            except NoSample as error:
                self.answers.impossible[event.name] = str(error)
                return
            if await self._until_taken(envelope(event, message)):
                await asyncio.sleep(random.uniform(0.5, 1.5) * 3 / self._plan.rate)

    async def _until_taken(self, event: CloudEvent) -> bool:
        """Publish, under one id, until Redis acknowledges it or the load ends."""
        while not self._ended.is_set():
            try:
                await self._broker.publish(event)
            except BrokerUnavailable:
                await asyncio.sleep(0.1)
            else:
                self.answers.outside.append(event)
                return True
        return False


def envelope(event: Event, message: Mapping[str, Any]) -> CloudEvent:
    """The event from outside that carries this message."""
    key = None if event.key is None else str(message[event.key])
    return CloudEvent(
        id=str(uuid7()),
        source=SOURCE,
        type=event.name,
        time=now(),
        data=json.dumps(message).encode(),
        subject=key,
        partitionkey=key,
    )
