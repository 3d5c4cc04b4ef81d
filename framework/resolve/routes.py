"""Routes: which are in each other's way, and which in the way of the service itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from framework.resolve.paths import path_pattern
from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.system import Operation

_OWN = ("/docs", "/redoc", "/openapi.json", "/health", "/metrics", "/admin")
"""Paths that every service answers by itself, and all below them."""
_BELOW_OWN = tuple(own + "/" for own in _OWN)


def check_reserved(site: Site, scope: Scope) -> None:
    """Tell of a path that the service answers itself."""
    own = reserved_by(site.path or "")
    if own and not reserved_by(site.file.spec.config.rest.prefix):
        message = f"the service itself answers {own}"
        scope.diagnostics.add("bad-path", (site.spot / "rest" / "path").place, message)


def reserved_by(path: str) -> str | None:
    """The path of the service's own that a path is, or stands below; None if it is free."""
    if not f"{path}/".startswith(_BELOW_OWN):
        return None
    return next(own for own in _OWN if path == own or path.startswith(own + "/"))


class Route(NamedTuple):
    """An operation and its path as the router sees it: None where a segment may be anything."""

    operation: Operation
    site: Site
    pattern: tuple[str | None, ...]


def route(operation: Operation, site: Site) -> Route | None:
    """The route of an operation; None if it has none, or none that can be told from others."""
    return Route(operation, site, path_pattern(site.path)) if site.path else None


class _Node:
    """A segment of the routes seen so far: what may follow it, and the route that ends with it."""

    def __init__(self) -> None:
        self.following: dict[str | None, _Node] = {}
        self.route: Route | None = None


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
        keys = (None,) if segment is None else (segment, None)
        nodes = [node.following[key] for node in nodes for key in keys if key in node.following]
    return next((node.route for node in nodes if node.route), None)


def _insert(root: _Node, new: Route) -> None:
    node = root
    for segment in new.pattern:
        following = node.following.get(segment)
        if following is None:
            following = node.following[segment] = _Node()
        node = following
    node.route = node.route or new


def _tell_hidden(first: Route, second: Route, method: str, scope: Scope) -> None:
    place = (second.site.spot / "rest" / "path").place
    related = (first.site.spot / "rest" / "path").place
    path, name = second.site.path, first.operation.name
    if first.pattern == second.pattern:
        message = f"{method} {path} is answered by {name!r} already"
        scope.diagnostics.add("duplicate-route", place, message, related=related)
    else:
        message = f"{method} {path} is never reached: {name!r} stands before it and matches it too"
        scope.diagnostics.add(
            "shadowed-route", place, message, hint=f"move it before {name!r}", related=related
        )
