# Generated from services/ledger/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `ledger` must be able to do."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession


class LedgerControllerProtocol(Protocol):
    """The business logic of the domain `ledger`."""

    async def say_hello(
        self,
        session: AsyncSession,
    ) -> None:
        """Greets the log. Put your first operation in its place; `events` with `subscribe` names
        what calls it.
        """
