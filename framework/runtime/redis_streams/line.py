"""A connection of one's own for what is asked all the time: half the work that the client makes of it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any, Final

import hiredis
from redis.asyncio import Redis
from redis.exceptions import NoScriptError, ResponseError

TIMEOUT: Final = 5.0
"""Seconds for an answer, a connection that has to be made included; longer than the longest read blocks."""


class Line:
    """A connection like those of a client, made at the first command and anew after every failure.

    Commands go one after the other; answers are what Redis sends.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool: Any = redis.connection_pool
        self._connection: Any = None

    async def ask(self, *command: str | bytes | int) -> Any:
        """Send a command and return its answer.

        Raises what redis-py raises: `ResponseError` for an answer that is one; another, or TimeoutError, if
        Redis does not answer, and then the command may have been done.
        """
        connection = self._connection = self._connection or self._make()
        packed = bytes(hiredis.pack_command(command))  # type: ignore[arg-type]

        async def exchange() -> Any:
            async with asyncio.timeout(TIMEOUT):
                await connection.send_packed_command(packed)
                return await connection.read_response(timeout=math.inf)

        async def give_up(_: Exception) -> None:
            await connection.disconnect(nowait=True)

        try:
            # As the client's own commands do it: once more, for a connection that has gone stale.
            return await connection.retry.call_with_retry(exchange, give_up)
        except ResponseError:
            raise
        except BaseException:  # an answer may be on its way still
            await self.close()
            raise

    async def run(self, script: Any, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        """Run a script that is registered with the client. Raises what `ask` raises."""
        try:
            return await self.ask("EVALSHA", script.sha, len(keys), *keys, *args)
        except NoScriptError:
            return await script(keys=keys, args=args)

    async def close(self) -> None:
        """Give the connection up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)

    def _make(self) -> Any:
        # Without its own time limits, each of which is a task.
        return self._pool.connection_class(**self._pool.connection_kwargs | {"socket_timeout": None})
