"""Diagnostics: what was found and where, and the collector."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from framework.catalogue import CATALOGUE, Severity

_OTHER_PLACE = "the other place"


class Place(NamedTuple):
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


class Diagnostic(NamedTuple):
    """One thing that is wrong, where it stands, and what to do about it.

    `related` is the other place of a conflict, and `note` says what is there; `paste` is what to write, in
    lines of its own.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    related: Place | None = None
    note: str = _OTHER_PLACE
    paste: str = ""

    @property
    def severity(self) -> Severity:
        """How grave it is: that of its code."""
        return CATALOGUE[self.code][0]


MAX_PER_FILE = 100
"""How many diagnostics of one severity are kept for one file: nobody reads more, and the rest is counted."""


_PATIENCE = 100_000
"""How many candidates are compared in one run with words that were not understood: half a second's worth."""


class Diagnostics:
    """Collects diagnostics; each is kept once, and they are given back in the order of the files."""

    def __init__(self) -> None:
        self._found: defaultdict[str, dict[tuple[Place, str, str, str], Diagnostic]] = defaultdict(dict)
        self._kept: Counter[tuple[str, Severity]] = Counter()
        self._left_out: Counter[str] = Counter()
        self._places: set[Place] = set()
        self._patience = _PATIENCE

    def add(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        hint: str = "",
        related: Place | None = None,
        note: str = _OTHER_PLACE,
        paste: str = "",
    ) -> None:
        """Note a mistake. Raises KeyError for a code that the catalogue does not have."""
        kind = place.path, CATALOGUE[code][0]
        said = place, code, message, hint
        self._places.add(place)
        if said in self._found[place.path]:
            return
        if self._kept[kind] >= MAX_PER_FILE:
            self.leave_out(place.path)
            return
        self._kept[kind] += 1
        self._found[place.path][said] = Diagnostic(*said, related, note, paste)

    def __iter__(self) -> Iterator[Diagnostic]:
        for path in sorted(self._found):
            found = self._found[path]
            yield from (found[said] for said in sorted(found))
            if count := self._left_out[path]:
                message = f"{count} more {'mistake' if count == 1 else 'mistakes'} in this file are not shown"
                yield Diagnostic(Place(path), "more-mistakes", message, "cure some of the others first")

    def knows(self, place: Place) -> bool:
        """Whether something was already found at a place, so that what follows from it need not be told."""
        return place in self._places

    def is_full(self, path: str) -> bool:
        """Whether more errors of a file would only be counted, so that none need be worked out."""
        return self._kept[path, Severity.ERROR] >= MAX_PER_FILE

    def leave_out(self, path: str, count: int = 1) -> None:
        """Count mistakes of a file that are not kept."""
        self._left_out[path] += count

    def did_you_mean(self, word: str, *candidates: Collection[str]) -> str:
        """A hint naming the candidate that `word` was probably meant to be, or nothing."""
        return _asked(self.nearest(word, *candidates))

    def nearest(self, word: str, *candidates: Collection[str]) -> str | None:
        """The candidate that `word` was probably meant to be; None too after thousands of mistakes."""
        self._patience -= sum(map(len, candidates))
        return nearest(word, chain(*candidates)) if self._patience >= 0 else None

    def __len__(self) -> int:
        return sum(map(len, self._found.values()))

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids generation."""
        return any(severity is Severity.ERROR for _, severity in self._kept)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A hint naming the candidate that `word` was probably meant to be, or nothing."""
    return _asked(nearest(word, candidates))


def _asked(meant: str | None) -> str:
    return f"did you mean {meant!r}?" if meant else ""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, whatever its capitals; None if none is like it."""
    # One slip changes more of a short word.
    cutoff = 0.6 if len(word) < 6 else 0.75
    # Sorted backwards, since of two that differ in capitals alone the first is to be the one that is kept.
    folded = {candidate.casefold(): candidate for candidate in sorted(set(candidates), reverse=True)}
    import difflib  # only where there is a mistake to mend

    close = difflib.get_close_matches(word[:100].casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else _same_words(word, folded.values())


_WORD = r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])"


def _same_words(word: str, candidates: Collection[str]) -> str | None:
    """The one candidate with all the words: `OrderStatus` for `Status`, `OrderCreate` for `CreateOrder`."""
    meant = _words(word)
    holding = [candidate for candidate in candidates if meant and meant <= _words(candidate)]
    whole = [candidate for candidate in holding if meant == _words(candidate)]
    found = whole or holding
    return found[0] if len(found) == 1 else None


def _words(name: str) -> frozenset[str]:
    return frozenset(part.casefold() for part in re.findall(_WORD, name[:100]))
