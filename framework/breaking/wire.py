"""What one side writes and the other cannot read, wherever it is nested: bodies, answers and messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from framework.breaking.change import Change
from framework.breaking.differences import Contact, Difference, Part, in_types, in_values
from framework.breaking.finding import Finding, Section, Subject, listed
from framework.breaking.flows import Flow
from framework.system import Field, Schema
from framework.types import Type


@dataclass(frozen=True, slots=True)
class Root:
    """Where values begin to travel: the body or answer of an operation, or the message of an event.

    `user` is the operation or the event, as a finding tells whom it breaks.
    """

    user: str
    part: Part
    old: Type
    new: Type
    flow: Flow


def wire_findings(roots: Iterable[Root], change: Change) -> Iterator[Finding]:
    """What breaks below `roots`: each difference once, with all whom it breaks.

    Each two schemas that meet are compared once, so that cycles end.
    """
    users: defaultdict[Difference | Contact, set[str]] = defaultdict(set)
    for root in roots:
        for found in in_types(root.part, root.old, root.new, root.flow, change):
            users[found].add(root.user)
    above: defaultdict[Difference | Contact, list[Contact]] = defaultdict(list)
    waiting = [found for found in users if isinstance(found, Contact)]
    seen = set(waiting)
    while waiting:
        contact = waiting.pop()
        for found in _compare(contact, change):
            above[found].append(contact)
            if isinstance(found, Contact) and found not in seen:
                seen.add(found)
                waiting.append(found)
    for found in {**users, **above}:
        if isinstance(found, Difference):
            yield finding(found, _users(found, users, above))


def _users(
    difference: Difference,
    users: Mapping[Difference | Contact, set[str]],
    above: Mapping[Difference | Contact, list[Contact]],
) -> Iterator[str]:
    """The operations and events from which values come to a difference."""
    waiting: list[Difference | Contact] = [difference]
    seen = set(waiting)
    while waiting:
        found = waiting.pop()
        yield from users.get(found, ())
        ahead = [contact for contact in above.get(found, ()) if contact not in seen]
        seen.update(ahead)
        waiting.extend(ahead)


def finding(difference: Difference, users: Iterable[str]) -> Finding:
    """A difference together with whom it breaks."""
    return Finding(
        code=difference.code,
        name=difference.name,
        message=difference.message,
        whom=_WHOM[difference.flow](listed(users)),
        subject=difference.subject,
        was=difference.was,
    )


_WHOM: Mapping[Flow, Callable[[str], str]] = {
    Flow.REQUEST: lambda users: f"clients of {users}",
    Flow.PARAM: lambda users: f"clients of {users}",
    Flow.RESPONSE: lambda users: f"clients of {users}",
    Flow.MESSAGE: lambda users: f"consumers of {users} that still run the old code",
    Flow.REPLAY: lambda users: f"consumers of {users} that meet events published before",
}


def _compare(contact: Contact, change: Change) -> Iterator[Difference | Contact]:
    old, new = change.old_schemas[contact.old], change.new_schemas[contact.new]
    before, after = ({field.name: field for field in schema.fields} for schema in (old, new))
    for name in dict.fromkeys([*before, *after]):
        part = _part(name, old, new)
        pair = before.get(name), after.get(name)
        yield from _presence(part, *pair, contact.flow)
        if pair[0] and pair[1]:
            yield from in_values(part, pair[0], pair[1], contact.flow, change)


def _part(name: str, old: Schema, new: Schema) -> Part:
    subject, was = (Subject(Section.MODEL, each.model, ("fields", name)) for each in (new, old))
    return Part(f"{old.model}.{name}", subject, was)


def _presence(part: Part, old: Field | None, new: Field | None, flow: Flow) -> Iterator[Difference]:
    """Whether a field is there when it must be, and is not there when it must not."""
    if new is None:
        if flow.is_strict:
            message = f"{part.name} is gone, and requests refuse fields they do not know"
            yield part.differs(flow, "field-removed", message)
        elif not flow.is_old_to_new:
            yield part.differs(flow, "field-removed", f"{part.name} is gone")
    elif old is None:
        if flow.is_old_to_new and new.required:
            added = Part(part.name, part.subject, None)
            yield added.differs(flow, "field-required", f"{part.name} is new, and must be there")
    elif flow.is_old_to_new:
        if new.required and not _is_always_written(old, flow):
            yield part.differs(flow, "field-required", f"{part.name} must be there now")
    elif _is_always_written(old, flow) and not _is_always_written(new, flow):
        yield part.differs(flow, "field-optional", f"{part.name} may be absent now")


def _is_always_written(field: Field, flow: Flow) -> bool:
    return field.required or (flow.is_from_service and field.has_default)
