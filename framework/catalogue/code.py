"""What can be wrong with the code that a person writes, beside specs that are sound."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.severity import Severity

CODE: Mapping[str, tuple[Severity, str]] = {}
