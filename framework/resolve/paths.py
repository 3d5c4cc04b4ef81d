"""Paths of routes: what they may look like, and what they name."""

from __future__ import annotations

import re
from functools import lru_cache

from framework.naming import NameKind, check_name
from framework.source import short

_LITERAL = re.compile(r"[A-Za-z0-9._~:@+,=-]+\Z")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}\Z")
_PLACEHOLDERS = re.compile(r"(?<![^/])\{([^{}/]*)\}(?![^/])")
_FOREIGN_PLACEHOLDER = re.compile(r"(?:\{(\w+):[^{}]*\}|<(?:\w+:)?(\w+)>|:([A-Za-z_]\w*))\Z")
"""A parameter of a path as Starlette, Flask and Express have it."""

# Compiled where there is a mistake, and not before.
_ROUTE = r"([A-Za-z]+)\s+(/\S*)\Z"
_URL = r"(?i:https?://[^/]*(/.+)?)"


def placeholders(path: str) -> tuple[str, ...]:
    """The names in braces, in their order."""
    return tuple(_PLACEHOLDERS.findall(path)) if "{" in path else ()


def path_pattern(path: str) -> tuple[str | None, ...]:
    """The segments of a path that has no problem, None where anything may stand."""
    return tuple([None if segment[:1] == "{" else segment for segment in path[1:].split("/")])


def joined_problem(prefix: str, path: str) -> str | None:
    """What `path_problem` says of both together: where each by itself is sound, only names can clash."""
    if path_problem(prefix) or path_problem(path) or ("{" in prefix and "{" in path):
        return path_problem(prefix + path)
    return None


@lru_cache(maxsize=1_024)
def path_problem(path: str) -> str | None:
    """Why routes cannot be made of a path, or of a prefix or what follows it; None if they can."""
    if not path:
        return None
    better = "/" + path.strip("/") if path.strip("/") else ""
    if not path.startswith("/"):
        if route := re.match(_ROUTE, path):
            return f"a path has no method: write {short(route[2])}, and method: {route[1].upper()}"
        if url := re.match(_URL, path):
            return f"a path begins with '/', without an address: write {short(url[1] or '/')}"
        return f"a path begins with '/': write {short(better)}"
    if path.endswith("/"):
        return f"a path does not end in '/': write {short(better)}"
    names = placeholders(path)
    if len(set(names)) < len(names):
        return "a path names each parameter once"
    return next(filter(None, map(_segment_problem, path[1:].split("/"))), None)


def _segment_problem(segment: str) -> str | None:
    if not segment:
        return "a path has no empty segment"
    if segment in {".", ".."}:
        return f"clients resolve {segment!r} before they send a request"
    if match := _FOREIGN_PLACEHOLDER.match(segment):
        name = match[1] or match[2] or match[3]
        return f"{short(segment)} is no parameter: write '{{{name}}}', and its type under params"
    if match := _PLACEHOLDER.match(segment):
        mistake = check_name(NameKind.PARAM, match[1])
        return mistake.message if mistake else None
    if "?" in segment:
        return "what follows '?' is no part of the path: name it under params"
    if not _LITERAL.match(segment):
        return f"a segment is a word or a name in braces, not {short(segment)}"
    return None
