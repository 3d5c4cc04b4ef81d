"""Long lines of generated Python broken as ruff breaks them, where it is plain how that is.

Nearly all long lines are an import, a call, an annotation or a `with` of several parts, and to ask ruff about
each takes most of the time of formatting. Whatever is not plain is for ruff; tests hold the two together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from framework.generators.text import WIDTH

_INDENT = "    "

_UNCLEAR = ("#", "'", '" "', ",)", ",]", ",}", " for ")
"""What is rare, or has rules of its own: comments, literals in a row, trailing commas, generators."""

_IMPORT = re.compile(r"(from \S+ import )([^()]+)")
_WITH = re.compile(r"((?:async )?with )(.+):")
_BRACKETED = (
    re.compile(r"((?:[\w.]+ = |return )?(?:await )?@?[\w.]+\()(.+)(\))"),
    re.compile(r"(\w+: [\w.]+\[)(.+)(\](?: = None)?)"),
)
_ARGUMENT = re.compile(r"((?:\w+=)?(?:await )?[\w.]+\()(.+)\)")

_MARKS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[()\[\]{},]')


@lru_cache(maxsize=4_096)  # the modules of a domain import the same
def wrapped(line: str) -> str | None:
    """A statement that is too long for its line, broken; None if that is for ruff."""
    if not line.isascii() or any(mark in line for mark in _UNCLEAR):
        return None
    statement = line.lstrip(" ")
    margin = line[: len(line) - len(statement)]
    if found := _IMPORT.fullmatch(statement):
        head, names = found.groups()
        return _exploded(margin, f"{head}(", names.split(", "), ")")
    if found := _WITH.fullmatch(statement):
        head, inside = found.groups()
        items = _items(inside)
        return _exploded(margin, f"{head}(", items, "):") if len(items) > 1 else None
    for form in _BRACKETED:
        if found := form.fullmatch(statement):
            return _bracketed(margin, *found.groups())
    return None


def _bracketed(margin: str, head: str, inside: str, tail: str) -> str | None:
    """What stands in brackets on a line of its own, or each part of it; or the None behind it."""
    if tail == "] = None" and len(before := f"{margin}{head}{inside}] = (") <= WIDTH:
        return f"{before}\n{margin}{_INDENT}None\n{margin})"
    if len(margin + head) > WIDTH:
        return None
    together = f"{margin}{head}\n{margin}{_INDENT}{inside}\n{margin}{tail}"
    fits = len(margin + _INDENT + inside) <= WIDTH
    is_call = tail[0] == ")"
    if fits and is_call and not (")" in inside or "]" in inside or "}" in inside):
        return together
    items = _items(inside)
    if fits and (len(items) > 1 or (items and is_call)):
        return together
    return _exploded(margin, head, items, tail) if len(items) > 1 else None


def _exploded(margin: str, head: str, items: list[str], tail: str) -> str | None:
    lines = [_line(margin + _INDENT, item) for item in items]
    if not lines or None in lines:
        return None
    return "\n".join([margin + head, *filter(None, lines), margin + tail])


def _line(margin: str, item: str) -> str | None:
    """One part, with its comma."""
    if len(margin + item) < WIDTH:
        return f"{margin}{item},"
    if found := _ARGUMENT.fullmatch(item):
        return _bracketed(margin, found[1], found[2], "),")
    return None


def _items(text: str) -> list[str]:
    """What commas outside of brackets separate; nothing if a bracket closes that was not opened."""
    if not ('"' in text or "(" in text or "[" in text or "{" in text):
        return text.split(", ")
    items, depth, start = [], 0, 0
    for found in _MARKS.finditer(text):
        mark = found[0]
        if mark == ",":
            if not depth:
                items.append(text[start : found.start()])
                start = found.end() + 1
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
            if depth < 0:
                return []
    return [*items, text[start:]]
