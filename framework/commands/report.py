"""How commands show diagnostics."""

from __future__ import annotations

import sys

from framework.catalogue import Severity
from framework.diagnostics import Diagnostic, Diagnostics


def report(diagnostics: Diagnostics, format_: str, *, least: Severity = Severity.WARNING) -> None:
    """Show what was found, from the severity `least` upward: to people on stderr, to machines on stdout."""
    shown = [found for found in diagnostics if _is_shown(found, least)]
    if format_ == "text":
        if shown:
            _tell(shown)
        return
    from framework.renderings import MACHINE_FORMATS

    if rendered := MACHINE_FORMATS[format_](shown):
        print(rendered)


def _is_shown(found: Diagnostic, least: Severity) -> bool:
    severities = list(Severity)
    return severities.index(found.severity) <= severities.index(least)


def _tell(shown: list[Diagnostic]) -> None:
    from framework.renderings.palette import palette_for  # where there is something to tell
    from framework.renderings.text import render

    print(render(shown, palette_for(sys.stderr)), file=sys.stderr)
    if summary := _summary(shown):
        print(summary, file=sys.stderr)
    gravest = min(shown, key=lambda found: list(Severity).index(found.severity))
    print(f"What a code means: make explain code={gravest.code}", file=sys.stderr)


def _summary(shown: list[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty if there are only notes."""
    severities = [found.severity for found in shown]
    counts = ((severities.count(severity), severity) for severity in (Severity.ERROR, Severity.WARNING))
    return ", ".join(f"{count} {severity}{'' if count == 1 else 's'}" for count, severity in counts if count)
