# Generated from services/ledger/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `ledger` joined to its transports."""

from collections.abc import Callable

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database, SessionFactory
from services.ledger.src.controllers.ledger import LedgerController
from services.ledger.src.generated.operations import LedgerOperations
from services.ledger.src.generated.protocols import LedgerControllerProtocol
from services.ledger.src.generated.schedules import register_ledger_schedules

__all__ = [
    "LedgerControllerProtocol",
    "database",
    "register_event_handlers",
]

database = Database("ledger")


def create_ledger_controller() -> LedgerControllerProtocol:
    """Make the controller of the domain `ledger`."""
    return LedgerController()


def register_event_handlers(
    broker: EventBroker,
    *,
    get_session: SessionFactory = database.session,
    get_ledger_controller: Callable[[], LedgerControllerProtocol] = create_ledger_controller,
) -> None:
    """Subscribe every domain to its events and its clock."""
    register_ledger_schedules(broker, LedgerOperations(get_ledger_controller(), get_session))
