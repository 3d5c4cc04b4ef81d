# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `shop` that events call."""

from framework.runtime.broker import EventBroker
from services.shop.src.generated.operations import ThingsOperations
from shared.generated.events import (
    SWEEP_DONE,
    SWEEP_WANTED,
    THING_ADDED,
    THING_CHECKED,
    THING_REMOVED,
)
from shared.generated.schemas import Case, Sweep, SweepThingsKind, ThingName


def register_things_handlers(
    broker: EventBroker,
    operations: ThingsOperations,
) -> None:
    """Subscribe the operations of the domain `things` to their events."""

    @broker.subscriber(THING_ADDED, group="shop", operation="things.rename_thing")
    async def rename_thing(
        payload: ThingName,
    ) -> None:
        """Rename thing."""
        await operations.rename_thing(payload=payload)

    @broker.subscriber(THING_REMOVED, group="shop", operation="things.check_thing")
    async def check_thing(
        payload: ThingName,
    ) -> None:
        """Check thing.

        Deprecated.
        """
        await operations.check_thing(payload=payload)

    @broker.subscriber(THING_CHECKED, group="shop", operation="things.tell_outside")
    async def tell_outside(
        payload: Case,
    ) -> None:
        """Tell outside."""
        await operations.tell_outside(payload=payload)

    @broker.subscriber(SWEEP_WANTED, group="shop", operation="things.sweep_things", retry=(60.0,))
    async def sweep_things(
        payload: Sweep,
    ) -> None:
        """Called over HTTP, by an event and by the clock."""
        await operations.sweep_things(
            payload=payload, limit=100, kind=SweepThingsKind.OLD, since=None
        )

    @broker.subscriber(SWEEP_DONE, group="shop", operation="things.stamp_things")
    async def stamp_things(
        payload: Sweep,
    ) -> None:
        """Stamp things."""
        await operations.stamp_things(payload=payload)
