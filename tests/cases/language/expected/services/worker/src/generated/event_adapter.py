# Generated from services/worker/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `worker` that events call."""

from framework.runtime.broker import EventBroker
from services.worker.src.generated.operations import ChecksOperations
from shared.generated.events import THING_CHECKED, THING_REMOVED
from shared.generated.schemas import Case, ThingName


def register_checks_handlers(
    broker: EventBroker,
    operations: ChecksOperations,
) -> None:
    """Subscribe the operations of the domain `checks` to their events."""

    @broker.subscriber(
        THING_CHECKED,
        group="worker",
        operation="checks.check_again",
        retry=(0.5, 1.0, 120.0, 3600.0),
    )
    async def check_again(
        payload: Case,
    ) -> None:
        """Check again."""
        await operations.check_again(payload=payload)

    @broker.subscriber(THING_REMOVED, group="worker", operation="checks.close_old")
    async def close_old(
        payload: ThingName,
    ) -> None:
        """Close old."""
        await operations.close_old(payload=payload)
