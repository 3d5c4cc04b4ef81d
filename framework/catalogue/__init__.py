"""The catalogue of diagnostics: a stable code for each rule, its severity and its meaning."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.code import CODE
from framework.catalogue.compatibility import COMPATIBILITY
from framework.catalogue.severity import Severity
from framework.catalogue.specs import SPECS

__all__ = ["CATALOGUE", "Severity"]

CATALOGUE: Mapping[str, tuple[Severity, str]] = {**SPECS, **CODE, **COMPATIBILITY}
"""Every code: its severity and its meaning. A code without a case under `tests/cases` fails the suite."""
