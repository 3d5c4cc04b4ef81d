# Generated from services/worker/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `worker` that the clock calls."""

from framework.runtime.broker import EventBroker
from framework.runtime.schedules.schedule import Cron
from services.worker.src.generated.operations import ChecksOperations


def register_checks_schedules(
    broker: EventBroker,
    operations: ChecksOperations,
) -> None:
    """Schedule the operations of the domain `checks`."""

    @broker.scheduled(
        Cron("*/5 * * * *"), group="worker", operation="checks.look_around", retry=(5.0, 3600.0)
    )
    async def look_around() -> None:
        """Look around."""
        await operations.look_around()
