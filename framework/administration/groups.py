"""What `framework groups` does: consumer groups listed, removed, given again what they have handled."""

from __future__ import annotations

import json
from collections.abc import Sequence

from framework.administration.site import Site
from framework.administration.tables import age, counted, table
from framework.dev.errors import DevelopmentError
from framework.diagnostics import did_you_mean
from framework.runtime.envelope import now
from framework.runtime.groups import SILENCE_SECONDS, GroupIsAlive, GroupNotFound, GroupState, Past

_TITLES = ("GROUP", "STREAM", "LAG", "PENDING", "PARKED", "OLDEST", "CONSUMERS", "LAST DELIVERED")


async def list_groups(site: Site, format_: str) -> int:
    """Print how far each group has got in each stream."""
    states = await site.broker.groups().states()
    if format_ == "json":
        print(json.dumps([state.as_json() for state in states], indent=2, ensure_ascii=False))
        return 0
    if not states:
        print("There are no consumer groups: no service that handles events has been started yet.")
        return 0
    print(_table(states))
    for name in sorted({state.group for state in states} - set(site.services)):
        mine = [state for state in states if state.group == name]
        if not any(state.consumers for state in mine):
            print(
                f"{name} is no service of this project, and keeps its streams from being trimmed: "
                f'make groups do="remove {name}"'
            )
    return 0


async def remove(site: Site, name: str, *, yes: bool) -> int:
    """Remove a group. Raises `DevelopmentError` if it lives, does not exist, or `yes` is missing."""
    states = await _states(site, name)
    living = sorted({consumer for state in states for consumer in state.consumers})
    if living:
        raise _alive(name, ", ".join(living))
    if not yes:
        print(_table(states))
        raise DevelopmentError(f"{_loss(states)} Add --yes to remove the group {name}.")
    try:
        await site.broker.groups().remove(name)
    except GroupIsAlive as error:
        raise _alive(name, str(error)) from error
    except GroupNotFound as error:
        raise DevelopmentError(f"There is no group {name} any more: somebody else was quicker.") from error
    print(f"The group {name} is removed. {_loss(states)} Its dead letters are kept.")
    return 0


async def replay(site: Site, name: str, past: Past, *, again: bool, dry_run: bool, yes: bool) -> int:
    """Send a group what it has handled. Raises `DevelopmentError` without such a group, or without `yes`."""
    await _states(site, name)
    groups = site.broker.groups()
    count = await groups.count(name, past)
    events = counted(count, "event", "events")
    since = f"{past.since:%Y-%m-%d %H:%M:%S} UTC"
    how = "run again whatever its inbox says" if again else "run unless its inbox knows them"
    if not count:
        print(f"{name} has handled no such event that was published since {since} and is still kept.")
        return 0
    if dry_run:
        print(f"{events} since {since} would be sent to {name}, to be {how}.")
        return 0
    if not yes:
        raise DevelopmentError(
            f"{events} since {since} would be sent to {name}, to be {how}: add --yes to do it."
        )
    sent = await groups.replay(name, past, now() if again else None)
    print(f"{counted(sent, 'event', 'events')} since {since} sent to {name} alone, to be {how}.")
    return 0


async def _states(site: Site, name: str) -> list[GroupState]:
    """Those of one group. Raises `DevelopmentError` if there is none of this name."""
    states = await site.broker.groups().states()
    mine = [state for state in states if state.group == name]
    if not mine:
        hint = did_you_mean(name, {state.group for state in states}) or "`make groups` lists them all"
        raise DevelopmentError(f"There is no group {name!r}: {hint}")
    return mine


def _alive(name: str, consumers: str) -> DevelopmentError:
    return DevelopmentError(
        f"The group {name} lives ({consumers}), and would be given every event from the beginning. Stop all "
        f"processes of that service first; one that was killed counts as gone after {SILENCE_SECONDS} s."
    )


def _loss(states: Sequence[GroupState]) -> str:
    unread = sum(state.lag or 0 for state in states)
    pending = sum(state.pending for state in states)
    if not (unread or pending or any(state.lag is None for state in states)):
        return "Nothing is lost."
    at_least = "at least " if any(state.lag is None for state in states) else ""
    return f"What it never handled is lost to it: {at_least}{unread} not delivered, {pending} not finished."


def _table(states: Sequence[GroupState]) -> str:
    at = now()
    rows = [
        (
            state.group,
            state.stream,
            "?" if state.lag is None else str(state.lag),
            str(state.pending),
            str(state.parked),
            age(state.oldest, at) if state.oldest else "-",
            str(len(state.consumers)),
            f"{age(state.last_delivered, at)} ago" if state.last_delivered else "never",
        )
        for state in states
    ]
    return table(_TITLES, rows)
