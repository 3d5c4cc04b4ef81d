"""What breaks those who handle events, and those who wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from framework.breaking.change import Change, operations_of
from framework.breaking.differences import Part
from framework.breaking.finding import PROJECT, Finding, Section, Subject, listed
from framework.breaking.flows import Flow
from framework.breaking.wire import Root, wire_findings
from framework.system import Event, System
from framework.types import SchemaType

_DEFAULT_RETENTION = timedelta(hours=72)
"""How long the runtime keeps events of which the catalogue does not say it."""


def removed_events(change: Change) -> Iterator[Finding]:
    """Events that the catalogue no longer has; those of other systems still come."""
    kept = {old.name for old, _ in change.events}
    known = {event.name for event in change.old.events}
    for event in change.old.events:
        if event.name not in kept and not event.external:
            message = f"the event {event.name} is gone"
            alike = [
                new.name
                for new in change.new.events
                if new.name not in known and new.message == event.message
            ]
            if alike:
                message += f" (another name is another event: {listed(alike)} is new)"
            subject = _subject(event)
            yield Finding(
                "event-removed", event.name, message, f"consumers of {event.name}", subject, subject
            )


def messages(change: Change) -> Iterator[Finding]:
    """What consumers built before cannot read, and what those of now cannot read of before."""
    roots = []
    for old, new in change.events:
        part = Part(f"the message of {old.name}", _subject(new) / "message", _subject(old) / "message")
        types = SchemaType(old.message), SchemaType(new.message)
        roots.append(Root(old.name, part, *types, Flow.REPLAY))
        # What another system publishes does not change with what is said of it here.
        if not new.external:
            roots.append(Root(old.name, part, *types, Flow.MESSAGE))
    yield from wire_findings(roots, change)


def changed_keys(change: Change) -> Iterator[Finding]:
    """Events that are ordered by another field, or by none."""
    for old, new in change.events:
        if old.key is not None and old.key != new.key:
            now = f"by {new.key}" if new.key else "not at all"
            message = f"{old.name} was ordered by {old.key} and is ordered {now}"
            subject, was = _subject(new) / "key", _subject(old) / "key"
            whom = f"consumers of {old.name} that rely on the order"
            yield Finding("event-key-changed", old.name, message, whom, subject, was)


def shortened_retention(change: Change) -> Iterator[Finding]:
    """Events that are kept for a shorter time than before."""
    for old, new in change.events:
        before, after = old.retention or _DEFAULT_RETENTION, new.retention or _DEFAULT_RETENTION
        if after < before:
            message = f"{old.name} was kept for {_hours(before)} and is kept for {_hours(after)}"
            subject, was = _subject(new) / "retention", _subject(old) / "retention"
            whom = f"whoever goes back further in {old.name}"
            yield Finding("retention-shortened", old.name, message, whom, subject, was)


def moved_streams(change: Change) -> Iterator[Finding]:
    """Streams under other names start empty; what stands in the old ones is read by nobody."""
    old, new = change.old.stream_prefix, change.new.stream_prefix
    if old != new:
        message = (
            f"stream_prefix was {old!r} and is {new!r}: what stands in the old streams is read by nobody"
        )
        subject = PROJECT / "events" / "stream_prefix"
        yield Finding(
            "stream-prefix-changed", "stream_prefix", message, "consumers of all events", subject, subject
        )


def lost_publications(change: Change) -> Iterator[Finding]:
    """Events that fewer publish than before, or nobody."""
    before, after = _publishers(change.old), _publishers(change.new)
    renamed = {pair.old.name: pair.new.name for pair in change.operations}
    for old, new in change.events:
        now = after[old.name]
        lost = [name for name in before[old.name] if renamed.get(name, name) not in now]
        if not lost or new.external:
            continue
        subject, was = _subject(new), _subject(old)
        if now:
            message = f"{old.name} is no longer published by {listed(lost)}, only by {listed(now)}"
            code = "publication-removed"
        else:
            message = f"{old.name} is no longer published by anybody: it was by {listed(lost)}"
            code = "event-unpublished"
        yield Finding(code, old.name, message, f"consumers of {old.name}, who wait in vain", subject, was)


def lost_subscriptions(change: Change) -> Iterator[Finding]:
    """Events that a service handled, and no longer handles, although there still are any."""
    there_are = {new.name for _, new in change.events}
    for old, new in change.services:
        kept = {
            sited.operation.subscription.name for sited in operations_of(new) if sited.operation.subscription
        }
        for sited in operations_of(old):
            event = sited.operation.subscription
            if event and event.name in there_are and event.name not in kept:
                message = f"{old.name} no longer handles {event.name}: what it has not handled yet is lost"
                subject = sited.subject / "events" / "subscribe"
                yield Finding(
                    "subscription-removed",
                    sited.name,
                    message,
                    f"whoever relies on {sited.name}",
                    subject,
                    subject,
                )


def renamed_handlers(change: Change) -> Iterator[Finding]:
    """Operations that are known to the inbox under another name."""
    for old, new in change.services:
        handlers = {
            sited.operation.subscription.name: sited
            for sited in operations_of(new)
            if sited.operation.subscription
        }
        for sited in operations_of(old):
            event = sited.operation.subscription
            now = handlers.get(event.name) if event else None
            before = sited.operation.qualified_name
            if event is None or now is None or not old.database or now.operation.qualified_name == before:
                continue
            message = (
                f"{before} of {old.name} is {now.operation.qualified_name} now, and the inbox knows what was "
                f"handled by that name: {event.name} events that are delivered again are handled again"
            )
            whom = f"the data of {old.name}"
            yield Finding("handler-renamed", sited.name, message, whom, now.subject, sited.subject)


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3_600:g}h"


def _subject(event: Event) -> Subject:
    return Subject(Section.EVENT, event.name)


def _publishers(system: System) -> defaultdict[str, set[str]]:
    """Who publishes each event: operations, and services outside any operation."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for service in system.services:
        for event in service.publishes:
            found[event.name].add(service.name)
        for sited in operations_of(service):
            operation = sited.operation
            events = [operation.on_success and operation.on_success.event, operation.on_error]
            for published in (*events, *operation.publishes):
                if published:
                    found[published.name].add(sited.name)
    return found
