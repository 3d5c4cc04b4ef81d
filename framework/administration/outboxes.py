"""What `framework outbox` does: the outboxes of the services looked at, and published again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.administration.tables import age, counted, one_line, table
from framework.dev.databases import in_developers_words
from framework.dev.environment import database_url, read_environment
from framework.dev.errors import DevelopmentError
from framework.dev.servers import running_postgres
from framework.diagnostics import did_you_mean
from framework.load import load
from framework.resolve import resolve
from framework.runtime.database import create_engine
from framework.runtime.outbox.replay import REPLAYABLE, Replay, Selection, plan_replay, replay
from framework.runtime.outbox.status import OutboxStatus, read_status

MANY = 100
"""More events than these are published again only when it is said that this is meant."""
_TITLES = ("SERVICE", "WAITING", "OLDEST", "REFUSED", "PUBLISHED", "RELAYS")


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where the outbox of a service is."""

    root: Path
    service: str
    url: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncEngine]:
        """Its database. Raises `DevelopmentError` for whatever is wrong with it."""
        if self._is_missing():
            raise DevelopmentError(f"{self.service}: there is no database yet: run `make migrate`")
        engine = create_engine(self.url, application="framework outbox")
        try:
            yield engine
        except DevelopmentError:
            raise
        except Exception as error:
            raise in_developers_words(self.root, self.service, self.url, error) from error
        finally:
            await engine.dispose()

    def _is_missing(self) -> bool:
        """Whether it is a file that is not there: SQLite would make an empty one."""
        url = make_url(self.url)
        return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def outboxes(root: Path, chosen: str | None) -> list[Outbox]:
    """Those of the project at `root`, or the one of a service.

    Mistakes in the specs do not matter here. Raises `DevelopmentError` when there is no such service, or it
    has no database.
    """
    root = root.resolve()
    specs, diagnostics = load(root)
    if specs.services is None:
        raise DevelopmentError(
            "services.yml cannot be read: run this in the project's folder; `make validate-specs` tells more"
        )
    services = {service.name: service.database for service in resolve(specs, diagnostics).services}
    if chosen is not None and chosen not in services:
        hint = did_you_mean(chosen, services)
        raise DevelopmentError(f"There is no service {chosen!r}; {hint}".removesuffix("; "))
    if chosen is not None and not services[chosen]:
        raise DevelopmentError(
            f"{chosen} has no database, hence no outbox: it publishes straight to the broker"
        )
    environment = read_environment(root)
    environment["DATABASE_URL"] = environment.get("DATABASE_URL") or running_postgres(root) or ""
    return [
        Outbox(root, name, database_url(root, name, environment))
        for name, has_database in services.items()
        if has_database and chosen in (None, name)
    ]


async def tell_status(of: Sequence[Outbox], format_: str) -> int:
    """Print how it stands with each."""
    found: dict[str, OutboxStatus] = {}
    for each in of:
        async with each.opened() as engine:
            found[each.service] = await read_status(engine)
    if format_ == "json":
        print(json.dumps({name: status.summary() for name, status in found.items()}, indent=2))
        return 0
    if not found:
        print("No service of this project has a database, and so none has an outbox.")
        return 0
    print(table(_TITLES, [_row(name, status) for name, status in found.items()]))
    for name, status in found.items():
        for line in _remarks(name, status):
            print(line)
    return 0


def _row(name: str, status: OutboxStatus) -> tuple[str, ...]:
    return (
        name,
        str(status.waiting),
        age(status.oldest_waiting, status.at) if status.oldest_waiting else "-",
        str(status.refused_count),
        str(status.published),
        str(len(status.relays)),
    )


def _remarks(name: str, status: OutboxStatus) -> list[str]:
    lines = [
        f"{name}: {each.event} {each.id} ({age(each.created_at, status.at)} old) was refused "
        f"{counted(each.attempts, 'time', 'times')}, and is tried again: {one_line(each.last_error)}"
        for each in status.refused
    ]
    hidden = status.refused_count - len(status.refused)
    if hidden:
        lines.append(f"{name}: and {hidden} more were refused")
    lines += [f"{name}: relay {each.name}, seen {age(each.seen_at, status.at)} ago" for each in status.relays]
    if status.waiting and not status.relays:
        lines.append(f"{name}: no relay is at work: start the service, or `make relay service={name}`")
    return lines


async def publish_again(of: Sequence[Outbox], selection: Selection, *, dry_run: bool, yes: bool) -> int:
    """Have what fits published again. Raises `DevelopmentError` for many without `yes`."""
    plans: list[tuple[Outbox, Replay]] = []
    for each in of:
        async with each.opened() as engine:
            plans.append((each, await plan_replay(engine, selection)))
    for outbox, plan in plans:
        for line in _words(outbox.service, plan):
            print(line)
    total = sum(plan.count for _, plan in plans)
    if not total:
        print("No event that is still kept fits.")
        return 0
    if dry_run:
        print(f"{counted(total, 'event', 'events')} would be published again.")
        return 0
    if total > MANY and not yes:
        raise DevelopmentError(f"{total} events would be published again: add --yes to do it.")
    marked = 0
    for outbox, plan in plans:
        async with outbox.opened() as engine:
            marked += await replay(engine, plan)
    print(
        f"{counted(marked, 'event', 'events')} to be published again by the relays, in order; "
        "who has handled one does not do so again."
    )
    return 0


def _words(service: str, plan: Replay) -> list[str]:
    lines = [f"{service}: {counted(count, 'event', 'events')} {name}" for name, count in plan.counts.items()]
    if plan.too_old:
        lines.append(
            f"{service}: {counted(plan.too_old, 'event is', 'events are')} left out: older than "
            f"{REPLAYABLE.days} days, so that an inbox may have forgotten them"
        )
    return lines
