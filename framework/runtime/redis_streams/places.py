"""Consumers that are no processes but places where pending entries wait. Their names begin with `__`."""

from __future__ import annotations

import re
from typing import Final

HEIR: Final = "__released__"
"""Here waits what a stopping process gave back."""
_RETRY: Final = re.compile(r"__retry_(\d+)__(.*)", re.DOTALL)


def retry_place(failures: int, origin: str = "") -> str:
    """Where an entry waits that has failed so many times; it is due by the time that it lies there.

    In a redrive stream, `origin` is the stream that the entry came from, whose delays are its own.
    """
    return f"__retry_{failures}__{origin}"


def retries_at(name: str) -> tuple[int, str] | None:
    """What `retry_place` made this name from; None for any other consumer."""
    match = _RETRY.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def is_place(name: str) -> bool:
    """Whether no process reads under this name, so that no silence makes it dead."""
    return name.startswith("__")
