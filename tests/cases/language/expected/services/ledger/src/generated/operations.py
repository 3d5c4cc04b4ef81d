# Generated from services/ledger/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `ledger`, each as one unit of work."""

from framework.runtime.database import SessionFactory
from framework.runtime.unit_of_work import UnitOfWorkFactory
from services.ledger.src.generated.protocols import LedgerControllerProtocol


class LedgerOperations:
    """The operations of the domain `ledger`, whatever calls them."""

    def __init__(
        self,
        controller: LedgerControllerProtocol,
        get_session: SessionFactory,
    ) -> None:
        self._controller = controller
        self._work = UnitOfWorkFactory("ledger", get_session)

    async def say_hello(
        self,
    ) -> None:
        """Greets the log. Put your first operation in its place; `events` with `subscribe` names
        what calls it.
        """
        async with self._work.command("ledger.say_hello") as work:
            await self._controller.say_hello(work.session)
