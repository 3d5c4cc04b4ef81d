"""What breaks those who call operations over HTTP."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator

from framework.breaking.change import Change, Pair
from framework.breaking.differences import Difference, Part, in_values
from framework.breaking.finding import Finding, Section, Subject, listed
from framework.breaking.flows import Flow
from framework.breaking.types import text
from framework.breaking.wire import Root, finding, wire_findings
from framework.system import Operation, Param, ParamSource
from framework.types import PageType


def removed_operations(change: Change) -> Iterator[Finding]:
    """Operations that HTTP called, and that it calls no more."""
    for sited in change.removed_operations:
        if sited.operation.rest:
            rest = sited.operation.rest
            message = f"{sited.name} is gone: {rest.method} {rest.path} is no longer answered"
            whom = f"clients of {sited.name}"
            yield Finding("operation-removed", sited.name, message, whom, sited.subject, sited.subject)
    for pair in change.operations:
        if pair.old.operation.rest and not pair.new.operation.rest:
            yield told(pair, "operation-removed", f"{pair.old.name} is no longer called over HTTP", "rest")


def moved_routes(change: Change) -> Iterator[Finding]:
    """Operations with another method or path; names of placeholders are not sent."""
    domains: defaultdict[Subject, list[Pair]] = defaultdict(list)
    for pair in on_http(change):
        name = f"{pair.new.service.name}.{pair.new.operation.domain}"
        domains[Subject(Section.DOMAIN, name)].append(pair)
    for domain, pairs in domains.items():
        moves = {_moved(pair) for pair in pairs}
        if len(pairs) > 1 and len(moves) == 1 and (move := moves.pop()):
            yield _moved_domain(domain, pairs, *move)
        else:
            yield from (_moved_route(pair) for pair in pairs if pair.old.route != pair.new.route)


def _moved(pair: Pair) -> tuple[str, str] | None:
    """The beginnings of the two paths, where all that differs is the beginning; None where it is not."""
    old, new = pair.old.operation.rest, pair.new.operation.rest
    if not old or not new or old.method != new.method or pair.old.route == pair.new.route:
        return None
    before, after = old.path.split("/"), new.path.split("/")
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return "/".join(before), "/".join(after)


def _moved_domain(domain: Subject, pairs: list[Pair], old: str, new: str) -> Finding:
    """One finding for a whole domain: it is the prefix that has changed."""
    message = f"the paths of {domain.name} began with {old or '/'} and begin with {new or '/'}"
    whom = f"clients of {listed(pair.old.name for pair in pairs)}"
    subject = domain / "config" / "rest" / "prefix"
    return Finding("route-changed", domain.name, message, whom, subject, subject)


def _moved_route(pair: Pair) -> Finding:
    old, new = pair.old.operation.rest, pair.new.operation.rest
    routes = [f"{rest.method} {rest.path}" for rest in (old, new) if rest]
    key = "path" if old and new and old.path != new.path else "method"
    return told(pair, "route-changed", f"{pair.old.name} was {' and is '.join(routes)}", "rest", key)


def changed_statuses(change: Change) -> Iterator[Finding]:
    """Operations that say success by another status."""
    for pair in on_http(change):
        old, new = pair.old.operation.rest, pair.new.operation.rest
        if old and new and old.status != new.status:
            message = f"{pair.old.name} answered {old.status} and answers {new.status}"
            yield told(pair, "status-changed", message, "rest", "status")


def bodies(change: Change) -> Iterator[Finding]:
    """Operations that take a body, or stop taking one, or take another one."""
    roots = []
    for pair in on_http(change):
        old, new = pair.old.operation.input, pair.new.operation.input
        if old and new:
            part = Part(
                f"the input of {pair.old.name}", pair.new.subject / "input", pair.old.subject / "input"
            )
            roots.append(Root(pair.old.name, part, old, new, Flow.REQUEST))
        elif new:
            yield told(
                pair, "request-type-changed", f"{pair.old.name} takes a body now: {text(new)}", "input"
            )
        elif old:
            message = f"{pair.old.name} no longer takes a body: it was {text(old)}"
            yield told(pair, "request-type-changed", message, "input")
    yield from wire_findings(roots, change)


def answers(change: Change) -> Iterator[Finding]:
    """Operations that give nothing any more, or something else; something instead of nothing is no harm."""
    roots = []
    for pair in on_http(change):
        old, new = pair.old.operation.output, pair.new.operation.output
        if old and new and isinstance(old, PageType) == isinstance(new, PageType):
            part = Part(
                f"the output of {pair.old.name}", pair.new.subject / "output", pair.old.subject / "output"
            )
            roots.append(Root(pair.old.name, part, old, new, Flow.RESPONSE))
        elif old and not new:
            message = f"{pair.old.name} no longer answers anything: it was {text(old)}"
            yield told(pair, "response-type-changed", message, "output")
    yield from wire_findings(roots, change)


def changed_errors(change: Change) -> Iterator[Finding]:
    """Operations that refuse for a reason unknown to clients, or say a known one by another status."""
    for pair in on_http(change):
        before = {error.name: error.status for error in pair.old.operation.errors}
        for error in pair.new.operation.errors:
            status = before.get(error.name)
            if status is None:
                message = f"{pair.old.name} may answer {error.status} for {error.name} now"
                found = told(pair, "error-added", message, "errors", error.name)
                yield dataclasses.replace(found, was=None)
            elif status != error.status:
                message = f"{pair.old.name} answered {status} for {error.name} and answers {error.status}"
                yield told(pair, "error-status-changed", message, "errors", error.name)


def idempotency(change: Change) -> Iterator[Finding]:
    """Operations that no longer know a repetition by its key."""
    for pair in on_http(change):
        if pair.old.operation.idempotent and not pair.new.operation.idempotent:
            message = f"{pair.old.name} ignores idempotency keys now: a repetition takes effect again"
            yield told(pair, "idempotency-removed", message, "idempotent")


def params(change: Change) -> Iterator[Finding]:
    """Parameters that are gone, demanded, elsewhere, or of another type."""
    for pair in on_http(change):
        for old, new in _paired_params(pair.old.operation, pair.new.operation):
            if new is None and old is not None and old.role is None:
                yield _told_param(pair, "param-removed", f"{_param(pair, old)} is gone", old, None)
            elif old is None and new is not None and new.required:
                message = f"{_param(pair, new)} is new, and must be given"
                yield _told_param(pair, "param-required", message, None, new)
            elif old is not None and new is not None:
                yield from _changed_param(pair, old, new, change)


def _changed_param(pair: Pair, old: Param, new: Param, change: Change) -> Iterator[Finding]:
    name = _param(pair, old)
    if old.source is not new.source:
        message = f"{name} was in the {old.source} and is in the {new.source}"
        yield _told_param(pair, "param-moved", message, old, new, "source")
    if new.required and not old.required:
        yield _told_param(pair, "param-required", f"{name} must be given now", old, new)
    subjects = pair.new.subject / "params" / new.name, pair.old.subject / "params" / old.name
    for found in in_values(Part(name, *subjects), old, new, Flow.PARAM, change):
        if isinstance(found, Difference):
            yield finding(found, [pair.old.name])


def _paired_params(old: Operation, new: Operation) -> Iterator[tuple[Param | None, Param | None]]:
    """Parameters by name; those of a path by their order in it, since their names are not sent."""
    places = [
        [param for param in operation.params if param.source is ParamSource.PATH] for operation in (old, new)
    ]
    in_path = list(zip(*places, strict=False)) if len(places[0]) == len(places[1]) else []
    yield from in_path
    before = {param.name: param for param in old.params if not any(param is each for each, _ in in_path)}
    after = {param.name: param for param in new.params if not any(param is each for _, each in in_path)}
    for name in dict.fromkeys([*before, *after]):
        yield before.get(name), after.get(name)


def on_http(change: Change) -> Iterator[Pair]:
    """The operations that HTTP called before and calls now."""
    return (pair for pair in change.operations if pair.old.operation.rest and pair.new.operation.rest)


def _param(pair: Pair, param: Param) -> str:
    return f"{pair.old.name}.{param.name}"


def told(pair: Pair, code: str, message: str, *keys: str) -> Finding:
    """A finding of a key that both the old and the new specs may have."""
    subject, was = pair.new.subject, pair.old.subject
    for key in keys:
        subject, was = subject / key, was / key
    return Finding(code, pair.old.name, message, f"clients of {pair.old.name}", subject, was)


def _told_param(
    pair: Pair, code: str, message: str, old: Param | None, new: Param | None, *keys: str
) -> Finding:
    params = [param for param in (old, new) if param]
    subject, was = pair.new.subject / "params" / params[-1].name, pair.old.subject / "params" / params[0].name
    for key in keys:
        subject, was = subject / key, was / key
    whom = f"clients of {pair.old.name}"
    return Finding(code, _param(pair, params[0]), message, whom, subject, was if old else None)
