"""Consumers that are no processes but places where pending entries wait. Their names begin with `__`."""

from __future__ import annotations

import re
from typing import Final

HEIR: Final = "__released__"
"""Here waits what a stopping process gave back."""
_RETRY: Final = re.compile(r"__retry_(\d+)__")


def retry_place(failures: int) -> str:
    """Where an entry waits that has failed so many times; it is due by the time that it lies there."""
    return f"__retry_{failures}__"


def failures_at(name: str) -> int | None:
    """How many times what waits at a retry place has failed; None for any other consumer."""
    match = _RETRY.fullmatch(name)
    return int(match[1]) if match else None


def is_place(name: str) -> bool:
    """Whether no process reads under this name, so that no silence makes it dead."""
    return name.startswith("__")
