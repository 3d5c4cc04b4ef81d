"""One run: start everything, load it, hit it, let it settle, and draw up the account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from framework.chaos.account import Breach, Poison, Promise, audit, none_is_poison
from framework.chaos.calls import Route, routes_of
from framework.chaos.cast import wait_until_ready
from framework.chaos.evidence import Evidence, Scene, gather, open_work
from framework.chaos.load import Load, Plan
from framework.chaos.report import Report, figures_of
from framework.chaos.stage import LEASE, Stage, open_stage, worth_hurting
from framework.chaos.strikes import Blow, Pauses, Target, pauses, plan
from framework.dev.errors import DevelopmentError
from framework.dev.project import Project
from framework.runtime.broker import EventBroker
from framework.system import FAILURE, Event, Service

_TICK: Final = 0.02
_LOOK_SECONDS: Final = 0.5
_LOOK_AGAIN: Final = 0.1
_LATE_SECONDS: Final = 1.0
"""How much later services start that only handle events: what was published before is theirs too."""
_SUPPRESSED: Final = " has handled event "
_STUMBLED: Final = (
    "stumbled, and goes on",
    "broke the consumer",
    "cannot start",
    "Redis refuses what failed",
)

Inspect = Callable[[Mapping[str, str], Evidence], Coroutine[None, None, list[Breach]]]
"""Looks further, given the URLs of the databases by service: at tables that only their owner knows."""


@dataclass(frozen=True, slots=True)
class Options:
    """How long, how hard, on what."""

    seconds: float = 25
    seed: int = 1
    database: str = "postgres"
    rate: float = 25
    """Requests per second, over all."""
    patience: float = 90
    """Seconds from the end of the load until everything must be settled."""
    domains: Collection[str] = ()
    """The domains that are called over REST; all if empty."""
    blows: Mapping[str, Sequence[Blow]] = field(default_factory=dict)
    """Who is hit, by how its name begins, and how; everybody in every way if empty."""
    pauses: Pauses = field(default_factory=lambda: pauses(LEASE))
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the services are told besides."""


async def look_no_further(_: Mapping[str, str], __: Evidence) -> list[Breach]:
    """Of tables that only the user knows nothing can be said."""
    return []


def run(
    project: Project,
    options: Options,
    *,
    is_poison: Poison = none_is_poison,
    inspect: Inspect = look_no_further,
) -> Report:
    """Run once, on servers and databases that are gone afterwards.

    Raises `DevelopmentError` when there is nothing to hurt or a database cannot be migrated, `ServerError`
    when something cannot be started.
    """
    services = worth_hurting(project.services)
    routes = [route for service in services for route in routes_of(project.system, service)]
    outside = _from_outside(project, services, routes)
    if not routes and not outside:
        raise DevelopmentError(
            "there is nothing to break: no service publishes events over REST or handles any"
        )
    with ExitStack() as until:
        stage = open_stage(project, services, options.database, options.environment, until)
        called = [
            each for each in routes if each.operation.domain in (options.domains or (each.operation.domain,))
        ]
        return _Run(project, stage, services, options).play(called, outside, is_poison, inspect)


def _from_outside(project: Project, services: Sequence[Service], routes: Sequence[Route]) -> list[Event]:
    """The events that somebody handles and nothing publishes here."""
    operations = [route.operation for route in routes] + [
        operation
        for service in services
        for domain in service.event_domains
        for operation in domain.subscriptions
    ]
    published = {event.name for operation in operations for event in operation.publishes}
    published |= {operation.on_success.event.name for operation in operations if operation.on_success}
    handled = {operation.subscription for operation in operations if operation.subscription}
    return sorted(event for event in handled if event.name not in published and event.message != FAILURE.name)


class _Run:
    def __init__(self, project: Project, stage: Stage, services: Sequence[Service], options: Options) -> None:
        self._project = project
        self._stage = stage
        self._services = services
        self._options = options
        self._begin = time.monotonic()

    def play(
        self, routes: list[Route], outside: Sequence[Event], is_poison: Poison, inspect: Inspect
    ) -> Report:
        """All acts of the run, in their order."""
        system, stage, options = self._project.system, self._stage, self._options
        called = {route.service for route in routes}
        first = stage.start(lambda service: service.name in called)
        stage.start_relays()
        wait_until_ready(first)
        broker = EventBroker(stream_prefix=system.stream_prefix, url=stage.redis_url)
        load = Load(system, Plan(routes, stage.addresses(), outside, options.rate), broker, options.seed)
        load.start()
        self._begin = time.monotonic()
        self._wait(self._begin + _LATE_SECONDS)
        stage.start(lambda service: service.name not in called)
        self._hurt()
        self._recover()
        load.stop()
        scene = Scene(system, self._services, stage.databases, stage.redis_url)
        drained = self._drain(scene)
        stage.stop()
        evidence = asyncio.run(gather(scene, load.answers))
        breaches = audit(evidence, is_poison)
        breaches += asyncio.run(inspect(stage.databases, evidence))
        report = self._report(evidence, [*breaches, *self._ended()], drained)
        (stage.logs / "account.json").write_text(report.to_json())
        return report

    def _hurt(self) -> None:
        """Hit whom the seed names, as soon as it works: a fast machine sees more blows than a slow one."""
        victims = {victim.name: victim for victim in self._stage.victims}
        end = self._begin + self._options.seconds
        for strike in plan(self._options.seed, self._targets(), self._options.pauses):
            victim = victims[strike.victim]
            self._wait(min(time.monotonic() + strike.after, end))
            while not victim.works and time.monotonic() < end:
                self._wait(time.monotonic() + _LOOK_AGAIN)
            if time.monotonic() >= end:
                return
            victim.strike(strike, time.monotonic())

    def _targets(self) -> list[Target]:
        chosen = self._options.blows
        if not chosen:
            return self._stage.targets
        return [
            Target(target.name, blows)
            for target in self._stage.targets
            for name, blows in chosen.items()
            if target.name.startswith(name)
        ]

    def _wait(self, until: float) -> None:
        """Tend the victims until that time."""
        while time.monotonic() < until:
            self._tend()
            time.sleep(_TICK)

    def _tend(self) -> None:
        now = time.monotonic()
        for victim in self._stage.victims:
            victim.tend(now)

    def _recover(self) -> None:
        for victim in self._stage.victims:
            victim.recover(time.monotonic())
        self._tend()

    def _drain(self, scene: Scene) -> float:
        """Wait until there is nothing left to do, at two looks in a row; returns the seconds that it took."""
        begin, quiet = time.monotonic(), 0
        while quiet < 2 and time.monotonic() < begin + self._options.patience:
            self._tend()
            time.sleep(_LOOK_SECONDS)
            quiet = quiet + 1 if self._is_settled(scene) else 0
        return time.monotonic() - begin

    def _is_settled(self, scene: Scene) -> bool:
        try:
            return not asyncio.run(open_work(scene))
        except Exception:  # a server is on its way back: each driver has its own words for that
            return False

    def _ended(self) -> list[Breach]:
        return [
            Breach(Promise.ENDED, process.name, [f"status {each}" for each in process.ended])
            for process in self._stage.processes
            if process.ended
        ]

    def _report(self, evidence: Evidence, breaches: Sequence[Breach], drained: float) -> Report:
        lines = [
            line
            for log in sorted(self._stage.logs.glob("*.log"))
            for line in log.read_text(errors="replace").splitlines()
        ]
        hits = {
            victim.name: {str(blow): times for blow, times in victim.hits.items()}
            for victim in self._stage.victims
        }
        return Report(
            database={"postgres": "PostgreSQL", "sqlite": "SQLite"}[self._options.database],
            seed=self._options.seed,
            seconds=self._options.seconds,
            drained=drained,
            figures=figures_of(evidence, sum(_SUPPRESSED in line for line in lines), hits),
            breaches=breaches,
            notes=[*_unused(evidence), *_stumbles(lines)],
            logs=sorted(self._stage.logs.glob("*.log"), key=lambda log: log.stat().st_mtime)[-4:],
        )


def _unused(evidence: Evidence) -> list[str]:
    """What the load could not do, so that nobody takes silence for proof."""
    notes = [f"{name} was not used: {reason}" for name, reason in evidence.answers.impossible.items()]
    statuses = evidence.answers.statuses
    for name in sorted({name for name, _ in statuses}):
        found = {status: times for (route, status), times in statuses.items() if route == name}
        if not any(status.startswith("2") for status in found):
            notes.append(
                f"{name} never succeeded: {', '.join(f'{status} ×{found[status]}' for status in found)}"
            )
    return notes


def _stumbles(lines: Sequence[str]) -> list[str]:
    found = [line for line in lines if any(words in line for words in _STUMBLED)]
    return [f"the runtime stumbled {len(found)} times, first: {found[0]}"] if found else []
