"""Diagnostics: what was found and where, the collector, and the renderers."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from framework.catalogue import CATALOGUE, Severity

_OTHER_PLACE = "the other place"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a spec.

    `line` and `column` count from 1, and `line` is 0 for a whole file. `excerpt` is the line, or the part of
    a long one around the column; `indent` is how many of its characters stand before the caret.
    """

    path: str
    line: int = 0
    column: int = 0
    width: int = 0
    excerpt: str = ""
    indent: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


def _printable(text: str) -> str:
    """Text of a spec as a terminal may be given it."""
    return "".join(character if character.isprintable() else "?" for character in text)


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing that is wrong, where it stands, and what to do about it.

    `related` is the other place of a conflict, and `note` says what is there.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    related: Place | None = field(default=None, compare=False)
    note: str = field(default=_OTHER_PLACE, compare=False)

    @property
    def severity(self) -> Severity:
        """How grave it is: that of its code."""
        return CATALOGUE[self.code][0]


class Diagnostics:
    """Collects diagnostics; each is kept once, and they are given back in the order of the files."""

    def __init__(self) -> None:
        self._found: set[Diagnostic] = set()

    def add(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        hint: str = "",
        related: Place | None = None,
        note: str = _OTHER_PLACE,
    ) -> None:
        """Note a mistake. Raises KeyError for a code that the catalogue does not have."""
        CATALOGUE[code]
        self._found.add(Diagnostic(place, code, message, hint, related, note))

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self._found))

    def knows(self, place: Place) -> bool:
        """Whether something was already found at a place, so that what follows from it need not be told."""
        return any(found.place == place for found in self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids generation."""
        return any(found.severity is Severity.ERROR for found in self._found)

    def counted(self, severity: Severity) -> int:
        """How many diagnostics of one severity were found."""
        return sum(found.severity is severity for found in self._found)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A hint naming the candidate that `word` was probably meant to be, or nothing."""
    meant = nearest(word, candidates)
    return f"did you mean {meant!r}?" if meant else ""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, whatever its capitals; None if none is like it."""
    # One slip changes more of a short word.
    cutoff = 0.6 if len(word) < 6 else 0.75
    # Sorted backwards, since of two that differ in capitals alone the first is to be the one that is kept.
    folded = {candidate.casefold(): candidate for candidate in sorted(set(candidates), reverse=True)}
    close = difflib.get_close_matches(word[:100].casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def render_text(diagnostics: Iterable[Diagnostic]) -> str:
    """For people: a headline, the line of the file, and a caret under what is meant."""
    return "\n".join(line for found in diagnostics for line in _listing(found))


def _listing(found: Diagnostic) -> Iterator[str]:
    yield _printable(f"{found.place}: {found.severity}[{found.code}]: {found.message}")
    yield from _excerpt(found.place, found.hint)
    if found.related:
        yield _printable(f"{found.related}: note: {found.note}")
        yield from _excerpt(found.related, "")


def _excerpt(place: Place, hint: str) -> Iterator[str]:
    hint = _printable(hint)
    if not place.line:
        if hint:
            yield f"      | {hint}"
        return
    yield f"{place.line:>5} | {place.excerpt}".rstrip()
    yield f"      | {' ' * place.indent}{'^' * place.width} {hint}".rstrip()


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """For machines: a list of objects; lines and columns count from 1 and are null for a whole file."""
    return json.dumps([_object(found) for found in diagnostics], indent=2)


def _object(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        **_place_object(found.place),
        "message": found.message,
        "hint": found.hint,
        "related": _place_object(found.related) if found.related else None,
    }


def _place_object(place: Place) -> dict[str, object]:
    return {
        "path": place.path,
        "line": place.line or None,
        "column": place.column or None,
        "end_column": place.column + place.width if place.line else None,
    }
