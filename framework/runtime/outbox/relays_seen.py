"""The relays at work on a database: each renews a row of its own there, for people to see."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from framework.runtime.database import writing
from framework.runtime.envelope import now
from framework.runtime.inserts import INSERTS
from framework.runtime.tables import relays

SIGN_SECONDS: Final = 15.0
"""From one sign of life to the next."""
_SILENCE: Final = timedelta(hours=1)
"""Whoever has given no sign for so long is forgotten; until then it can be seen that it is missing."""

_SIGN: Final = {
    dialect: (statement := insert(relays)).on_conflict_do_update(
        index_elements=[relays.c.name], set_={"seen_at": statement.excluded.seen_at}
    )
    for dialect, insert in INSERTS.items()
}


@dataclass(frozen=True, slots=True)
class RelaySeen:
    """A relay, and when it gave its last sign of life."""

    name: str
    started_at: datetime
    seen_at: datetime


class SignOfLife:
    """What one relay tells of itself."""

    def __init__(self) -> None:
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._started_at = now()

    async def give(self, engine: AsyncEngine) -> None:
        """Say that it is there. Raises what the driver raises when the database is down."""
        row = {"name": self._name, "started_at": self._started_at, "seen_at": now()}
        async with writing(engine) as connection:
            await connection.execute(_SIGN[connection.dialect.name], row)
            await connection.execute(delete(relays).where(relays.c.seen_at < now() - _SILENCE))

    async def withdraw(self, engine: AsyncEngine) -> None:
        """Say that it has ended. Raises what the driver raises when the database is down."""
        async with writing(engine) as connection:
            await connection.execute(delete(relays).where(relays.c.name == self._name))


async def relays_seen(connection: AsyncConnection) -> Sequence[RelaySeen]:
    """Those that gave a sign within the last hour, the latest first."""
    rows = await connection.execute(select(relays).order_by(relays.c.seen_at.desc()))
    return [RelaySeen(row.name, row.started_at, row.seen_at) for row in rows]
