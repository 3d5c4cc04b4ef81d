# Generated from services/worker/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `worker` joined to its transports."""

from collections.abc import Callable

from framework.runtime.broker import EventBroker
from services.worker.src.controllers.checks import ChecksController
from services.worker.src.generated.event_adapter import register_checks_handlers
from services.worker.src.generated.operations import ChecksOperations
from services.worker.src.generated.protocols import ChecksControllerProtocol
from services.worker.src.generated.schedules import register_checks_schedules

__all__ = [
    "ChecksControllerProtocol",
    "register_event_handlers",
]


def create_checks_controller() -> ChecksControllerProtocol:
    """Make the controller of the domain `checks`."""
    return ChecksController()


def register_event_handlers(
    broker: EventBroker,
    *,
    get_checks_controller: Callable[[], ChecksControllerProtocol] = create_checks_controller,
) -> None:
    """Subscribe every domain to its events and its clock."""
    register_checks_handlers(broker, ChecksOperations(get_checks_controller()))
    register_checks_schedules(broker, ChecksOperations(get_checks_controller()))
