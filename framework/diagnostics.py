"""Diagnostics: the catalogue of what can be wrong with the specs, the collector, and the renderers."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How grave a diagnostic is: only an error stops generation and fails a command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


CATALOGUE: dict[str, tuple[Severity, str]] = {
    # files
    "missing-file": (Severity.ERROR, "A file or folder that a project must have is not there."),
    "unreadable-file": (Severity.ERROR, "A spec cannot be read: it is no regular file, or too large."),
    "not-utf8": (Severity.ERROR, "A spec is not UTF-8 text."),
    "file-name": (Severity.ERROR, "A spec's name is not `<name>.yaml`, or not that of the domain it holds."),
    "stray-spec": (Severity.ERROR, "There are specs for a service that services.yml does not know."),
    # YAML
    "yaml-syntax": (Severity.ERROR, "A file is not YAML, or holds more than one document."),
    "yaml-feature": (Severity.ERROR, "Anchors, aliases and tags are not used in specs."),
    "too-deep": (Severity.ERROR, "YAML nests deeper than any spec needs."),
    "duplicate-key": (Severity.ERROR, "A mapping has one key twice."),
    "bad-key": (Severity.ERROR, "A key of a mapping is not a plain word."),
    "bad-number": (Severity.ERROR, "A number is too large to be represented."),
    # shape
    "unknown-key": (Severity.ERROR, "A key that the spec language does not have."),
    "missing-key": (Severity.ERROR, "A key that must be there is not."),
    "bad-shape": (Severity.ERROR, "A value is of the wrong kind, such as a list where a mapping belongs."),
    "bad-value": (Severity.ERROR, "A value is not one of those allowed."),
    "not-supported": (Severity.ERROR, "Part of the spec language whose runtime is not built yet."),
    # names
    "bad-name": (Severity.ERROR, "A name breaks the rules for names of its kind."),
    "reserved-name": (Severity.ERROR, "A name means something in Python or in generated code."),
    "duplicate-name": (Severity.ERROR, "Two things would have one name."),
    "event-name": (Severity.NOTE, "An event is not named `<entity>.<action>`."),
    # references
    "unknown-model": (Severity.ERROR, "A model, variant or enum that does not exist."),
    "unknown-event": (Severity.ERROR, "An event that the catalogue does not have."),
    "unknown-field": (Severity.ERROR, "A field that the model does not have."),
    "unknown-service": (Severity.ERROR, "A service that services.yml does not have."),
    "unknown-operation": (Severity.ERROR, "An operation that the service does not have."),
    # models
    "bad-type": (Severity.ERROR, "A type expression cannot be read, or the type is not possible here."),
    "bad-constraint": (Severity.ERROR, "A constraint does not fit its type."),
    "empty-range": (Severity.ERROR, "Constraints that no value satisfies."),
    "bad-pattern": (Severity.ERROR, "A pattern is not a regular expression that validation can use."),
    "bad-default": (Severity.ERROR, "A default that is not of the type, or breaks the constraints."),
    "bad-example": (Severity.ERROR, "An example that is not of the type, or breaks the constraints."),
    "bad-enum": (Severity.ERROR, "The values of an enum are missing, repeated or out of place."),
    "bad-variant": (Severity.ERROR, "The rules of a variant or of a field contradict each other."),
    "model-cycle": (Severity.ERROR, "Models that require each other, so that none can be built."),
    # events
    "event-key": (Severity.ERROR, "The ordering key of an event is no field that always has a value."),
    "event-kind": (Severity.ERROR, "A notification event carries more than identifiers and times."),
    "unpublished-event": (Severity.WARNING, "An event is subscribed to that nothing here publishes."),
    # operations
    "no-transport": (Severity.ERROR, "An operation that nothing can call."),
    "wrong-transport": (Severity.ERROR, "A transport that services of this type do not have."),
    "bad-path": (Severity.ERROR, "A path that is not a path, or that the service itself answers."),
    "unknown-placeholder": (Severity.ERROR, "A placeholder in a path for which there is no parameter."),
    "unplaced-param": (Severity.ERROR, "A path parameter that the path does not name."),
    "bad-param": (Severity.ERROR, "A parameter whose type, requiredness or place is impossible."),
    "duplicate-route": (Severity.ERROR, "Two operations answer one method and path."),
    "shadowed-route": (Severity.ERROR, "A route that is never reached, since an earlier one matches first."),
    "bad-input": (Severity.ERROR, "An operation's input is of a kind that cannot be sent."),
    "input-not-allowed": (Severity.ERROR, "A GET request has no body."),
    "output-not-allowed": (Severity.ERROR, "The status says that the answer has no body."),
    "missing-input": (Severity.ERROR, "A subscribing operation must take the event's message as input."),
    "duplicate-subscription": (Severity.ERROR, "One service subscribes to one event twice."),
    "unfilled-message": (Severity.ERROR, "A message has a field that nothing can fill."),
    "unfilled-param": (Severity.ERROR, "An event brings no value for a required parameter."),
    "message-mismatch": (Severity.ERROR, "What an operation takes or gives is not the event's message."),
    # services
    "duplicate-port": (Severity.ERROR, "Two services want one port."),
    "bad-call": (Severity.ERROR, "A call that cannot be made: to itself, or to an operation without REST."),
}
"""Every code: its severity and its meaning. A code without a case under `tests/cases` fails the suite."""


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

    `related` is the other place of a conflict.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    related: Place | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """How grave it is: that of its code."""
        return CATALOGUE[self.code][0]


class Diagnostics:
    """Collects diagnostics; each is kept once, and they are given back in the order of the files."""

    def __init__(self) -> None:
        self._found: set[Diagnostic] = set()

    def add(
        self, code: str, place: Place, message: str, *, hint: str = "", related: Place | None = None
    ) -> None:
        """Note a mistake. Raises KeyError for a code that the catalogue does not have."""
        CATALOGUE[code]
        self._found.add(Diagnostic(place, code, message, hint, related))

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
    # One slip changes more of a short word.
    cutoff = 0.6 if len(word) < 6 else 0.75
    close = difflib.get_close_matches(word[:100], sorted(set(candidates)), n=1, cutoff=cutoff)
    return f"did you mean {close[0]!r}?" if close else ""


def render_text(diagnostics: Iterable[Diagnostic]) -> str:
    """For people: a headline, the line of the file, and a caret under what is meant."""
    return "\n".join(line for found in diagnostics for line in _listing(found))


def _listing(found: Diagnostic) -> Iterator[str]:
    yield _printable(f"{found.place}: {found.severity}[{found.code}]: {found.message}")
    yield from _excerpt(found.place, found.hint)
    if found.related:
        yield _printable(f"{found.related}: note: the other place")
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
