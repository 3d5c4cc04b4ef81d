"""How commands show diagnostics."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from framework.catalogue import Severity
from framework.diagnostics import Diagnostic, Diagnostics, render_json, render_text


def report(diagnostics: Diagnostics, format_: str, *, least: Severity = Severity.NOTE) -> None:
    """Show what was found, from the severity `least` upward."""
    shown = [found for found in diagnostics if _is_shown(found, least)]
    if format_ == "json":
        print(render_json(shown))
    elif shown:
        print(render_text(shown), file=sys.stderr)
        if summary := _summary(shown):
            print(summary, file=sys.stderr)


def _is_shown(found: Diagnostic, least: Severity) -> bool:
    severities = list(Severity)
    return severities.index(found.severity) <= severities.index(least)


def _summary(shown: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty if there are only notes."""
    severities = [found.severity for found in shown]
    counts = ((severities.count(severity), severity) for severity in (Severity.ERROR, Severity.WARNING))
    return ", ".join(f"{count} {severity}{'' if count == 1 else 's'}" for count, severity in counts if count)
