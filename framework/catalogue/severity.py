"""How grave diagnostics are."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How grave a diagnostic is: only an error stops generation and fails a command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
