"""Which paths belong to the operators of a service, and so are in no trace and no measurement."""

from __future__ import annotations

from typing import Final

ADMIN: Final = "/admin"
METRICS: Final = "/metrics"
LIVE: Final = "/health/live"
READY: Final = "/health/ready"
_BELOW: Final = ("/health/", f"{ADMIN}/")


def is_for_operators(path: str) -> bool:
    """Whether the path is one of theirs."""
    return path in {METRICS, ADMIN} or path.startswith(_BELOW)
