"""The account of a run: what was promised, held against what is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from framework.chaos.calls import Claim, has_one_spelling
from framework.chaos.evidence import Committed, Evidence, Letter, Subscriber

Poison = Callable[[Committed, Subscriber], bool]
"""Whether this subscriber is meant to give the event up."""


class Promise(StrEnum):
    """What can be broken; the words stand in the report."""

    LOST = "lost"
    """Committed, and neither handled nor among the dead letters; or never published."""
    GHOST = "ghost events"
    """Published or handled, but never committed."""
    TWICE = "applied twice"
    ANSWER = "2xx without its event"
    ORDER = "out of order"
    POISON = "poison not once in the dead letters"
    HEALTHY = "healthy in the dead letters"
    UNSETTLED = "never settled"
    ENDED = "ended by itself"


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken promise, and the events (or other things) that show it."""

    promise: Promise
    what: str
    ids: Sequence[str]


def audit(evidence: Evidence, is_poison: Poison) -> list[Breach]:
    """Every promise that was broken."""
    found = [
        *_published(evidence),
        *_ordered(evidence),
        *_answered(evidence),
        *_applied(evidence),
    ]
    letters = _letters_by_subscriber(evidence)
    for subscriber in evidence.subscribers:
        found += _handled(evidence, subscriber, letters[subscriber.name], is_poison)
    if evidence.open:
        found.append(Breach(Promise.UNSETTLED, "; ".join(evidence.open), ()))
    return [breach for breach in found if breach.ids or breach.promise is Promise.UNSETTLED]


def _published(evidence: Evidence) -> Iterator[Breach]:
    there = {event.id for events in evidence.streams.values() for event in events}
    ours = {
        event.id
        for events in evidence.streams.values()
        for event in events
        if event.source in evidence.sources
    }
    yield Breach(Promise.LOST, "committed, never published", sorted(evidence.committed.keys() - there))
    yield Breach(Promise.GHOST, "published, never committed", sorted(ours - evidence.committed.keys()))
    yield Breach(Promise.GHOST, "in a stream, unreadable", evidence.unreadable)


def _ordered(evidence: Evidence) -> Iterator[Breach]:
    """By the first copy of each event: what is published again comes late."""
    for name, events in evidence.streams.items():
        late, seen = [], set[str]()
        highest: defaultdict[tuple[str, str], int] = defaultdict(int)
        for event in events:
            if event.id in seen or event.sequence is None or event.partitionkey is None:
                continue
            seen.add(event.id)
            key = (event.source, event.partitionkey)
            if event.sequence < highest[key]:
                late.append(event.id)
            highest[key] = max(highest[key], event.sequence)
        yield Breach(Promise.ORDER, f"{name}, later than a younger one of their key", late)


def _answered(evidence: Evidence) -> Iterator[Breach]:
    """Each success needs an event of its own; those of equal content are counted."""
    claimed = Counter(evidence.answers.claims)
    by_event: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claimed:
        by_event[claim.event].append(claim)
    for event, claims in by_event.items():
        fields = {name for claim in claims for name, _ in claim.content}
        there = Counter(
            frozenset(
                (name, value)
                for name, value in each.content.items()
                if name in fields and has_one_spelling(value)
            )
            for each in evidence.committed.values()
            if each.type == event
        )
        missing = [claim for claim in claims if claimed[claim] > there[claim.content]]
        yield Breach(Promise.ANSWER, f"answered, but no {event} tells so", [_said(each) for each in missing])


def _said(claim: Claim) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(claim.content))


def _applied(evidence: Evidence) -> Iterator[Breach]:
    """What an operation publishes in the transaction of its inbox row tells how often that was applied."""
    for subscriber in evidence.subscribers:
        publication = subscriber.operation.on_success
        if publication is None or not subscriber.is_recorded:
            continue
        said = Counter(
            event.causationid
            for event in evidence.outboxes[subscriber.service]
            if event.type == publication.event.name and event.causationid
        )
        twice = [id_ for id_, times in said.items() if times > 1]
        yield Breach(Promise.TWICE, f"{subscriber.name}, told by its events", twice)
        handled = {
            id_
            for operation, _, id_ in evidence.inboxes[subscriber.service]
            if operation == subscriber.operation.qualified_name
        }
        yield Breach(
            Promise.LOST,
            f"{subscriber.name}, handled without its {publication.event.name}",
            sorted(handled - said.keys()),
        )


def _letters_by_subscriber(evidence: Evidence) -> defaultdict[str, list[Letter]]:
    letters: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in evidence.letters:
        letters[f"{letter.group}.{letter.operation}"].append(letter)
    return letters


def _handled(
    evidence: Evidence, subscriber: Subscriber, letters: Iterable[Letter], is_poison: Poison
) -> Iterator[Breach]:
    committed = {each.id: each for each in evidence.committed.values() if each.type == subscriber.event.name}
    dead = Counter(letter.event_id or "?" for letter in letters)
    poison = {id_ for id_, event in committed.items() if is_poison(event, subscriber)}
    poison |= _refused(subscriber, letters)
    yield Breach(
        Promise.HEALTHY,
        f"{subscriber.name}, {_reasons(letters, poison)}",
        sorted(dead.keys() - poison),
    )
    yield Breach(Promise.POISON, subscriber.name, sorted(id_ for id_ in poison if dead[id_] != 1))
    if subscriber.is_recorded:
        yield from _recorded(evidence, subscriber, committed.keys(), dead.keys(), poison)


def _refused(subscriber: Subscriber, letters: Iterable[Letter]) -> set[str]:
    """What was given up for an error that the spec of the operation names."""
    foreseen = {error.name for error in subscriber.operation.errors}
    return {letter.event_id for letter in letters if letter.event_id and letter.error_type in foreseen}


def _recorded(
    evidence: Evidence, subscriber: Subscriber, committed: Set[str], dead: Set[str], poison: Set[str]
) -> Iterator[Breach]:
    handled = {
        id_: source
        for operation, source, id_ in evidence.inboxes[subscriber.service]
        if operation == subscriber.operation.qualified_name
    }
    yield Breach(
        Promise.LOST, f"{subscriber.name}, never handled", sorted(committed - handled.keys() - dead - poison)
    )
    yield Breach(Promise.HEALTHY, f"{subscriber.name}, although handled", sorted(dead & handled.keys()))
    yield Breach(
        Promise.GHOST,
        f"{subscriber.name}, handled but never committed",
        sorted(id_ for id_, source in handled.items() if source in evidence.sources and id_ not in committed),
    )


def _reasons(letters: Iterable[Letter], poison: set[str]) -> str:
    kinds = Counter(
        f"{letter.error_type}: {letter.error}" for letter in letters if letter.event_id not in poison
    )
    return "; ".join(f"{reason} ({times})" for reason, times in kinds.most_common(3))


def none_is_poison(_: Committed, __: Subscriber) -> bool:
    """Of services that nobody has prepared every event is healthy."""
    return False
