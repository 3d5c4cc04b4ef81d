"""How a process of the framework ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MISUSE = 2
INTERRUPTED = 130
UNREAD = 141


def status_of(run: Callable[[], int]) -> int:
    """Run a command: its exit status, or what Ctrl-C and a closed pipe make of it."""
    try:
        status = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return status
