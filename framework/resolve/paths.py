"""Paths of routes: what they may look like, and which of them are in each other's way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from framework.naming import NameKind, check_name
from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.source import Spot, short
from framework.system import Operation

_LITERAL = re.compile(r"[A-Za-z0-9._~:@+,=-]+\Z")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}\Z")

_OWN = ("/docs", "/redoc", "/openapi.json", "/health", "/metrics")
"""Paths that every service answers by itself, and all below them."""


def whole_path(site: Site) -> str:
    """The path of an operation with the prefix of its domain."""
    path = site.spec.rest.path if site.spec.rest else ""
    return site.prefix + path or "/"


def placeholders(path: str) -> tuple[str, ...]:
    """The names in braces, in their order."""
    found = (_PLACEHOLDER.match(segment) for segment in path.split("/"))
    return tuple(match[1] for match in found if match)


def check_path(path: str, spot: Spot, scope: Scope) -> bool:
    """Check a prefix or a path after it; False, with a diagnostic, if routes cannot be made of it."""
    problem = _problem(path)
    if problem:
        scope.diagnostics.add("bad-path", spot.place, problem)
    return problem is None


def _problem(path: str) -> str | None:
    if not path:
        return None
    if not path.startswith("/"):
        return f"a path begins with '/': write {short('/' + path)}"
    if path.endswith("/"):
        return "a path does not end in '/'"
    names = placeholders(path)
    if len(set(names)) < len(names):
        return "a path names each parameter once"
    return next(filter(None, map(_segment_problem, path[1:].split("/"))), None)


def _segment_problem(segment: str) -> str | None:
    if not segment:
        return "a path has no empty segment"
    if segment in {".", ".."}:
        return f"clients resolve {segment!r} before they send a request"
    if match := _PLACEHOLDER.match(segment):
        mistake = check_name(NameKind.PARAM, match[1])
        return mistake.message if mistake else None
    if not _LITERAL.match(segment):
        return f"a segment is a word or a name in braces, not {short(segment)}"
    return None


def check_reserved(site: Site, scope: Scope) -> None:
    """Tell of a path that the service answers itself."""
    path = whole_path(site)
    if own := next((own for own in _OWN if path == own or path.startswith(own + "/")), None):
        message = f"the service itself answers {own}"
        scope.diagnostics.add("bad-path", (site.spot / "rest" / "path").place, message)


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and its path as the router sees it: None where a segment may be anything."""

    operation: Operation
    site: Site
    pattern: tuple[str | None, ...]


def route(operation: Operation, site: Site) -> Route:
    """The route of an operation that has one."""
    segments = whole_path(site).split("/")
    return Route(operation, site, tuple(None if "{" in segment else segment for segment in segments))


@dataclass(slots=True)
class _Node:
    """A segment of the routes seen so far: what may follow it, and the route that ends with it."""

    following: dict[str | None, _Node] = field(default_factory=dict)
    route: Route | None = None


def check_routes(routes: Iterable[Route], scope: Scope) -> None:
    """Tell of routes of one service that are never reached, since one before them matches first."""
    methods: dict[str, _Node] = {}
    for each in routes:
        method = each.operation.rest.method if each.operation.rest else ""
        root = methods.setdefault(method, _Node())
        if first := _first_match(root, each.pattern):
            _tell_hidden(first, each, method, scope)
        _insert(root, each)


def _first_match(root: _Node, pattern: tuple[str | None, ...]) -> Route | None:
    nodes = [root]
    for segment in pattern:
        keys = dict.fromkeys((segment, None))
        nodes = [node.following[key] for node in nodes for key in keys if key in node.following]
    return next((node.route for node in nodes if node.route), None)


def _insert(root: _Node, new: Route) -> None:
    node = root
    for segment in new.pattern:
        node = node.following.setdefault(segment, _Node())
    node.route = node.route or new


def _tell_hidden(first: Route, second: Route, method: str, scope: Scope) -> None:
    place = (second.site.spot / "rest" / "path").place
    related = (first.site.spot / "rest" / "path").place
    path, name = whole_path(second.site), first.operation.name
    if first.pattern == second.pattern:
        message = f"{method} {path} is answered by {name!r} already"
        scope.diagnostics.add("duplicate-route", place, message, related=related)
    else:
        message = f"{method} {path} is never reached: {name!r} stands before it and matches it too"
        scope.diagnostics.add(
            "shadowed-route", place, message, hint=f"move it before {name!r}", related=related
        )
