"""For people: a headline, the line of the file, and a caret under what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from framework.columns import columns
from framework.diagnostics import Diagnostic, Place
from framework.renderings.palette import PLAIN, Palette


def render(diagnostics: Iterable[Diagnostic], palette: Palette = PLAIN) -> str:
    """The listing of each diagnostic, one after the other."""
    return "\n".join(line for found in diagnostics for line in _listing(found, palette))


def _listing(found: Diagnostic, palette: Palette) -> Iterator[str]:
    place = f"{palette.place}{_printable(str(found.place))}:{palette.end}"
    label = palette.severity(f"{found.severity}[{found.code}]:", found.severity)
    yield f"{place} {label} {_printable(found.message)}"
    yield from _excerpt(found.place, found.hint, found, palette)
    if found.related:
        yield f"{palette.place}{_printable(str(found.related))}:{palette.end} note: {_printable(found.note)}"
        yield from _excerpt(found.related, "", found, palette)
    if found.paste:
        yield "\n" + found.paste.strip("\n") + "\n"


def _excerpt(place: Place, hint: str, found: Diagnostic, palette: Palette) -> Iterator[str]:
    hint = _printable(hint)
    frame = f"{palette.frame}      |{palette.end}"
    if not place.line:
        if hint:
            yield f"{frame} {hint}"
        return
    before = place.excerpt[: place.indent]
    meant = place.excerpt[place.indent : place.indent + place.width]
    carets = palette.severity("^" * max(1, columns(meant)), found.severity)
    yield f"{palette.frame}{place.line:>5} |{palette.end} {place.excerpt}".rstrip()
    yield f"{frame} {' ' * columns(before)}{carets} {hint}".rstrip()


def _printable(text: str) -> str:
    """Text of a spec as a terminal may be given it."""
    return "".join(character if character.isprintable() else "?" for character in text)
