"""What a change of the specs can break for those who were built against them as they were before."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.severity import Severity

COMPATIBILITY: Mapping[str, tuple[Severity, str]] = {}
