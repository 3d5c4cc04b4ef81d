"""The rules: what a change of the specs is held against, by whom it would break."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from framework.breaking import events, features, rest, services, source
from framework.breaking.change import Change
from framework.breaking.finding import Finding
from framework.system import System

Rule = Callable[[Change], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    services.removed_services,
    services.changed_types,
    services.dropped_databases,
    rest.removed_operations,
    rest.moved_routes,
    rest.changed_statuses,
    rest.changed_errors,
    features.pagination,
    features.versions,
    rest.bodies,
    rest.answers,
    rest.params,
    rest.idempotency,
    events.removed_events,
    events.messages,
    events.changed_keys,
    events.shortened_retention,
    events.moved_streams,
    events.lost_publications,
    events.lost_subscriptions,
    events.renamed_handlers,
    source.renamed_operations,
    source.renamed_params,
    source.removed_classes,
)


def findings(old: System, new: System) -> Iterator[Finding]:
    """Whatever in the new system breaks those who were built against the old one."""
    change = Change(old, new)
    for rule in RULES:
        yield from rule(change)
