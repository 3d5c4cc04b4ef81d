"""The event loop of a process that no server of others runs."""

from __future__ import annotations

import asyncio


def loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """That of uvloop where it is installed, as uvicorn does it."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop
