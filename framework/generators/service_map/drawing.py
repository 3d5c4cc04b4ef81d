"""Who talks to whom as a drawing: a column for each service, a row for each thing that is said.

Nothing in it has to be laid out: names stand in margins where no line ever goes, so that a map of twelve
services reads as one of three does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from framework.connectivity import Connectivity
from framework.generators.service_map.rows import OUTSIDE, Row, Section, merged
from framework.system import Service

_CHARACTER = 7.2
"""Pixels that a character of the drawing's font is wide, at 12 pixels."""
_PITCH = 96
_MARGIN = 24
_HEAD = 104
"""Pixels from the top of the drawing to the first section: the boxes of the services and their databases."""
_TITLE = 44
_ROW = 26
_MOST_CHARACTERS = 44
_MOST_ROWS = 80
"""Rows that people look at; of more, those with the same ends are drawn as one."""
_LEGEND = 40


class Column(NamedTuple):
    """A service: `x` is the middle of its box, and where its line goes down."""

    name: str
    kind: str
    x: int
    has_database: bool


class Mark(NamedTuple):
    """Where a row meets the line of a service: `shape` is `sends`, `both`, or where an arrow points."""

    x: int
    shape: str


class Line(NamedTuple):
    """A row as it is drawn, from `start` to `end`; `hint` is what it says in words."""

    y: int
    what: str
    calls: str
    hint: str
    start: int
    end: int
    marks: tuple[Mark, ...]


class Band(NamedTuple):
    """A section as it is drawn; `y` is where its title stands."""

    kind: str
    title: str
    y: int
    lines: tuple[Line, ...]


class Drawing(NamedTuple):
    """All of it, in pixels; `left` and `right` are where the margins with the names begin and end."""

    width: int
    height: int
    left: int
    right: int
    box: int
    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    summary: str


def drawing(lines: Connectivity, found: tuple[Section, ...]) -> Drawing:
    """Draw the lines of a system; `found` is all that is said over them."""
    if sum(len(section.rows) for section in found) > _MOST_ROWS:
        found = tuple(map(merged, found))
    rows = [row for section in found for row in section.rows]
    names = _order(lines, rows)
    pitch = max([_PITCH, *(_width(name) + 32 for name in names)])
    left = _MARGIN + max([140, *(_width(_cut(row.what)) for row in rows)]) + _MARGIN
    places = {name: left + pitch // 2 + pitch * index for index, name in enumerate(names)}
    right = left + pitch * len(names) + _MARGIN
    width = right + max([0, *(_width(_cut(row.calls)) for row in rows)]) + _MARGIN
    bands = tuple(_bands(found, places))
    bottom = bands[-1].lines[-1].y + _ROW // 2 if bands else _HEAD
    services = {service.name: service for service in lines.services}
    return Drawing(
        width=width,
        height=bottom + _LEGEND,
        left=left,
        right=right,
        box=pitch - 16,
        columns=tuple(_column(name, services.get(name), x) for name, x in places.items()),
        bands=bands,
        summary=", ".join(f"{len(section.rows)} {section.title.lower()}" for section in found),
    )


def _order(lines: Connectivity, rows: list[Row]) -> list[str]:
    """The names of the columns, so that most arrows point to the right: who is told least goes first."""
    pairs = {(one, other) for row in rows for one in row.senders for other in row.receivers if one != other}
    waiting = [service.name for service in lines.services]
    ordered = [OUTSIDE] if any(OUTSIDE in row.senders for row in rows) else []
    while waiting:
        open_pairs = [pair for pair in pairs if pair[0] in waiting and pair[1] in waiting]
        heard = {name: sum(other == name for _, other in open_pairs) for name in waiting}
        said = {name: sum(one == name for one, _ in open_pairs) for name in waiting}
        first = min(waiting, key=lambda name: (heard[name] > 0, heard[name] - said[name], name))
        waiting.remove(first)
        ordered.append(first)
    return ordered


def _column(name: str, service: Service | None, x: int) -> Column:
    if service is None:
        return Column("outside", "other systems", x, has_database=False)
    return Column(name, service.type.value.removeprefix("python-"), x, service.database)


def _bands(found: tuple[Section, ...], places: Mapping[str, int]) -> Iterator[Band]:
    y = _HEAD
    for section in found:
        first = y + _TITLE
        lines = tuple(_line(row, first + _ROW * index, places) for index, row in enumerate(section.rows))
        yield Band(section.kind, section.title, y + _TITLE - 20, lines)
        y = first + _ROW * len(lines)


def _line(row: Row, y: int, places: Mapping[str, int]) -> Line:
    marks = tuple(_marks(row, places))
    ends = [mark.x for mark in marks]
    return Line(y + _ROW // 2, _cut(row.what), _cut(row.calls), _words(row), min(ends), max(ends), marks)


def _marks(row: Row, places: Mapping[str, int]) -> Iterator[Mark]:
    senders = [places[name] for name in row.senders]
    for x in senders:
        yield Mark(x, "sends")
    for x in (places[name] for name in row.receivers):
        nearest = min(senders, key=lambda sender: abs(sender - x), default=x)
        yield Mark(x, "both" if nearest == x else "right" if nearest < x else "left")


def _words(row: Row) -> str:
    senders, receivers = (
        " and ".join(names) or "nobody" for names in (row.senders or ("the clock",), row.receivers)
    )
    return f"{row.what}: from {senders} to {receivers}"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _width(text: str) -> int:
    return round(len(text) * _CHARACTER)
