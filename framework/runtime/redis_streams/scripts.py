"""The Lua scripts: each acts on the pending entries of one stream only while they are the caller's own.

A process that was stopped for longer than its lease comes back believing that it still owns its messages; a
check and an action in two commands would let it act on what another process has taken over meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from redis.asyncio import Redis

_SOURCES = Path(__file__).with_name("lua")


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts, bound to a client; called as `await scripts.renew(keys=[stream], args=[…])`."""

    acknowledge: Any
    bury: Any
    leave: Any
    park: Any
    release: Any
    remove_consumer: Any
    renew: Any
    take: Any

    @classmethod
    def register(cls, redis: Redis) -> Self:
        """Bind them to `redis`; each is sent to the server once, at its first call."""
        return cls(**{name: redis.register_script(source(name)) for name in cls.__slots__})


def source(name: str) -> str:
    """The text of a script."""
    return (_SOURCES / f"{name}.lua").read_text(encoding="utf-8")
