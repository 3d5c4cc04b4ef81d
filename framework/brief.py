"""Runs that read, say what they have to say, and end: what they made is left for the system to clear away.

To take apart in memory what was made of a large project takes as long as to write it.
"""

from __future__ import annotations

import gc
import os
import sys
from types import ModuleType

_kept: list[object] | None = None
"""What lives until the process ends; None in a process that may go on."""


def begin() -> None:
    """Make this process a brief one; it must end by `end`."""
    global _kept
    _kept = []
    # Such a run ends before there is garbage to speak of; to look for it takes a quarter of a large one.
    gc.disable()
    # What Pydantic finds plugins with takes a tenth of a small one to import, and no plugin is wanted.
    no_plugins = ModuleType("pydantic.plugin._loader")
    no_plugins.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules[no_plugins.__name__] = no_plugins


def keep(*made: object) -> None:
    """Let something live until the end of the process, if that is near."""
    if _kept is not None:
        _kept.extend(made)


def end(status: int) -> None:
    """End the process, without clearing up if it is a brief one."""
    if _kept is None:
        sys.exit(status)
    sys.stderr.flush()
    os._exit(status)
