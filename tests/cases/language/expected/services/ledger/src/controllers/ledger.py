"""The business logic of the domain `ledger`."""

import logging

from sqlalchemy.ext.asyncio import AsyncSession


class LedgerController:
    """Carries out the operations of `services/ledger/spec/ledger.yaml`."""

    async def say_hello(
        self,
        session: AsyncSession,
    ) -> None:
        """Greets the log. Put your first operation in its place; `events` with `subscribe` names
        what calls it.
        """
        logging.getLogger(__name__).info("hello")
