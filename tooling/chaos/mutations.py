"""The proof of the rig: a runtime that is broken on purpose, in one way after the other, must be caught."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from framework.chaos.report import Report
from framework.chaos.rig import Options, run
from framework.chaos.stage import LEASE
from framework.chaos.strikes import Blow, Pauses, pauses
from framework.dev.project import open_project
from tooling.chaos.audit import Audit
from tooling.chaos.scene import FRAMEWORK, environment, make_project

RUNTIME: Final = FRAMEWORK / "runtime"


@dataclass(frozen=True, slots=True)
class Patch:
    """A change of one file of the runtime: `old` stands there once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """A way to break the runtime, and the load under which that shows within seconds."""

    name: str
    what: str
    patches: Sequence[Patch]
    seconds: float = 20
    seeds: Sequence[int] = (1, 2, 3)
    """Tried in turn until one catches it."""
    blows: Mapping[str, Sequence[Blow]] = field(default_factory=dict)
    """Who is hit and how, by the beginning of the name; everybody in every way if empty."""
    pauses: Pauses = field(default_factory=dict)
    """How long some blows last, if not as long as ever."""
    environment: Mapping[str, str] = field(default_factory=dict)


_KILLS: Final = {"notifications": (Blow.KILL,), "backend": (Blow.KILL,)}
_STOPS: Final = {"notifications-1": (Blow.STOP,)}  # the other one takes over
_LONG_STOPS: Final = {Blow.STOP: (2.5 * LEASE, 3.5 * LEASE)}
_MANY_REFUSALS: Final = {"CHAOS_REFUSED_REPORTS": "1000", "CHAOS_REFUSAL_SECONDS": "2"}

MUTATIONS: Final = (
    Mutation(
        "no-inbox",
        "the inbox is written, and what it says is not looked at",
        [
            Patch(
                "inbox/recording.py",
                "    if result.first() is None:\n",
                "    if False:\n",
            )
        ],
        seconds=30,
        blows=_STOPS,
        pauses=_LONG_STOPS,
        environment={"CHAOS_SLOW_ORDERS": "1000", "CHAOS_SLOW_SECONDS": "2"},
    ),
    Mutation(
        "acknowledge-first",
        "messages are acknowledged before they are handled",
        [
            Patch(
                "redis_streams/workers.py",
                "            outcome = await self._handling.attempt(held.entry)\n            while",
                "            await self._group.acknowledge({held.entry.key})\n"
                "            outcome = await self._handling.attempt(held.entry)\n            while",
            )
        ],
        blows=_KILLS,
    ),
    Mutation(
        "mark-first",
        "the relay marks rows as published before it publishes them",
        [
            Patch(
                "outbox/drain.py",
                "        outcome = await publish_rows(broker, batch.rows)\n"
                "        if batch.rows:\n"
                "            await backlog.mark(outcome.published, outcome.refusals)\n",
                "        if batch.rows:\n"
                "            await backlog.mark([row.position for row in batch.rows], [])\n"
                "    outcome = await publish_rows(broker, batch.rows)\n",
            )
        ],
        blows={"redis": (Blow.KILL,), "backend": (Blow.KILL,)},
    ),
    Mutation(
        "no-sweeper",
        "nobody takes over what the dead have left, nor what is due again",
        [Patch("redis_streams/sweeper.py", "        await self._take_over(members)\n", "")],
        blows=_KILLS,
    ),
    Mutation(
        "no-heartbeat",
        "leases are not renewed while a handler runs",
        [
            Patch(
                "redis_streams/consumer.py",
                "in await self._group.renew(self._holdings.to_renew()):",
                "in set():",
            )
        ],
        blows={"backend": (Blow.KILL,)},
        environment={"CHAOS_LONG_REPORTS": "100", "CHAOS_LONG_LEASES": "2.5"},
    ),
    Mutation(
        "answer-first",
        "requests are answered a moment before their transaction is committed",
        [
            Patch(
                "unit_of_work.py",
                "        self._take_back()\n        await self._leave(error)\n",
                "        self._take_back()\n"
                "        if error is not None or self._delivery is not None:\n"
                "            await self._leave(error)\n"
                "        else:\n"
                "            import asyncio\n"
                "            async def commit() -> None:\n"
                "                await asyncio.sleep(0.05)\n"
                "                await self._leave(None)\n"
                "            _late.add(asyncio.create_task(commit()))\n",
            ),
            Patch(
                "unit_of_work.py",
                "class UnitOfWork:",
                "_late = set()  # type: ignore\n\n\nclass UnitOfWork:",
            ),
        ],
        blows={"backend": (Blow.KILL,)},
    ),
    Mutation(
        "publish-first",
        "events are sent to the broker before their transaction is committed",
        [
            Patch(
                "events.py",
                "        work.record(envelope)\n",
                "        work.record(envelope)\n        await _publish_now(broker, envelope)\n",
            )
        ],
        blows=_KILLS,
    ),
    Mutation(
        "skip-locked",
        "relays share the rows of a partition instead of locking it",
        [
            Patch(
                "outbox/postgres_backlog.py",
                "func.pg_try_advisory_xact_lock(literal_column(str(_LOCK_CLASS), Integer), _number)",
                'literal_column("true")',
            ),
            Patch(
                "outbox/postgres_backlog.py",
                "return f\"SELECT 1 WHERE {' AND '.join(tries)}\"",
                'return "SELECT 1"',
            ),
            Patch(
                "outbox/backlog.py",
                '        .limit(bindparam("share"))\n',
                "        .limit(5)\n        .with_for_update(skip_locked=True)\n",
            ),
        ],
        blows={"redis": (Blow.STOP, Blow.KILL)},
    ),
    Mutation(
        "counter-lost",
        "a parked message forgets how often it has failed",
        [Patch("redis_streams/lua/park.lua", "'RETRYCOUNT', ARGV[4]", "'RETRYCOUNT', 0")],
        blows=_KILLS,
    ),
    Mutation(
        "buried-and-kept",
        "a dead letter is written, and its message not acknowledged with it",
        [Patch("redis_streams/lua/bury.lua", "redis.call('XACK', KEYS[1], ARGV[1], ARGV[4])\n", "")],
        blows=_KILLS,
    ),
    Mutation(
        "unfenced-burial",
        "a process that was stopped beyond its lease still writes dead letters, whatever is there already",
        [
            Patch(
                "redis_streams/lua/bury.lua",
                "if not entry or entry[2] ~= ARGV[2] then\n  return 0\nend\n",
                "",
            ),
            Patch(
                "redis_streams/lua/bury.lua",
                "local known = KEYS[3] and redis.call('GET', KEYS[3])",
                "local known = false",
            ),
        ],
        blows=_STOPS,
        pauses=_LONG_STOPS,
        seconds=40,
        environment=_MANY_REFUSALS,
    ),
    Mutation(
        "group-at-the-end",
        "a new group begins with what comes next, not with what is there",
        [Patch("redis_streams/group.py", 'id="0", mkstream=True', 'id="$", mkstream=True')],
        seconds=10,
        blows={"backend": (Blow.KILL,)},
    ),
    Mutation(
        "leaving-drops",
        "a process that ends removes itself with all that is pending on it",
        [
            Patch(
                "redis_streams/lua/leave.lua",
                "for _, entry in ipairs(pending) do\n",
                "for _, entry in ipairs({}) do\n",
            ),
            Patch(
                "redis_streams/consumer.py",
                "if keys and await self._said(self._group.release(keys)):",
                "if not keys:",
            ),
        ],
        blows={"notifications": (Blow.END,)},
        environment={"CHAOS_LONG_REPORTS": "200", "CHAOS_LONG_LEASES": "2.5"},
    ),
)


def prove(names: Iterable[str], project: Path) -> int:
    """Break the runtime of `project` in each way; 0 when all that was broken was caught."""
    chosen = [each for each in MUTATIONS if not names or each.name in names]
    make_project(project)
    missed = [each.name for each in chosen if not _is_caught(each, project)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught", *(["; missed:", *missed] if missed else []))
    return 1 if missed else 0


def broken(report: Report) -> Counter[str]:
    """How often each promise was broken, at least."""
    found = Counter[str]()
    for breach in report.breaches:
        found[breach.promise] = max(found[breach.promise], len(breach.ids), 1)
    return found


def _is_caught(mutation: Mutation, project: Path) -> bool:
    for seed in mutation.seeds:
        begin = time.monotonic()
        report = _run(mutation, seed, project)
        took = time.monotonic() - begin
        verdict = ", ".join(f"{promise} {times}" for promise, times in broken(report).items()) or "MISSED"
        print(f"| `{mutation.name}` | {mutation.what} | {verdict} | {seed} | {took:.0f} s |", flush=True)
        if report.breaches:
            return True
    return False


def _run(mutation: Mutation, seed: int, project: Path) -> Report:
    originals = {patch.file: (project / RUNTIME / patch.file).read_text() for patch in mutation.patches}
    try:
        for patch in mutation.patches:
            _apply(project / RUNTIME / patch.file, patch)
        options = Options(
            seconds=mutation.seconds,
            seed=seed,
            patience=20,
            domains=("orders",),
            blows=mutation.blows,
            pauses={**pauses(LEASE), **mutation.pauses},
            environment={**environment(project), **mutation.environment},
        )
        audit = Audit(refused=range(500, int(mutation.environment.get("CHAOS_REFUSED_REPORTS", "510"))))
        return run(open_project(project), options, is_poison=audit.is_poison, inspect=audit.inspect)
    finally:
        for file, text in originals.items():
            (project / RUNTIME / file).write_text(text)


def _apply(path: Path, patch: Patch) -> None:
    text = path.read_text()
    if text.count(patch.old) != 1:
        sys.exit(f"{path}: the text that a mutation replaces does not stand there once:\n{patch.old}")
    path.write_text(text.replace(patch.old, patch.new))
