"""For GitHub Actions: workflow commands, which become annotations of the lines that a pull request changes.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from framework.catalogue import Severity
from framework.diagnostics import Diagnostic

_COMMANDS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}

_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = {**_IN_MESSAGES, **str.maketrans({":": "%3A", ",": "%2C"})}


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """One line for each: `::error file=a.yaml,line=1,col=2,endColumn=3,title=bad-type::no type 'itn'`."""
    return "\n".join(_command(found) for found in diagnostics)


def _command(found: Diagnostic) -> str:
    properties = ",".join(f"{name}={value.translate(_IN_PROPERTIES)}" for name, value in _properties(found))
    message = "\n".join(filter(None, (found.message, found.hint, _other_place(found), found.paste)))
    return f"::{_COMMANDS[found.severity]} {properties}::{message.translate(_IN_MESSAGES)}"


def _properties(found: Diagnostic) -> Iterator[tuple[str, str]]:
    place = found.place
    yield "file", place.path
    if place.line:
        yield "line", str(place.line)
        yield "col", str(place.column)
        yield "endColumn", str(place.column + place.width)
    yield "title", found.code


def _other_place(found: Diagnostic) -> str:
    return f"{found.related}: {found.note}" if found.related else ""
