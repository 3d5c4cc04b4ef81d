# Generated from services/ledger/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `ledger` that the clock calls."""

import datetime as dt

from framework.runtime.broker import EventBroker
from framework.runtime.schedules.schedule import Every
from services.ledger.src.generated.operations import LedgerOperations


def register_ledger_schedules(
    broker: EventBroker,
    operations: LedgerOperations,
) -> None:
    """Schedule the operations of the domain `ledger`."""

    @broker.scheduled(Every(dt.timedelta(minutes=1)), group="ledger", operation="ledger.say_hello")
    async def say_hello() -> None:
        """Greets the log. Put your first operation in its place; `events` with `subscribe` names
        what calls it.
        """
        await operations.say_hello()
