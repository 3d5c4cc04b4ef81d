# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `shop` that the clock calls."""

import datetime as dt

from framework.runtime.broker import EventBroker
from framework.runtime.schedules.schedule import Cron, Every
from services.shop.src.generated.operations import ThingsOperations
from shared.generated.schemas import Sweep, SweepThingsKind


def register_things_schedules(
    broker: EventBroker,
    operations: ThingsOperations,
) -> None:
    """Schedule the operations of the domain `things`."""

    @broker.scheduled(
        Cron("0 3 * * MON-FRI", "Europe/Berlin"),
        group="shop",
        operation="things.sweep_things",
        retry=(60.0,),
    )
    async def sweep_things() -> None:
        """Called over HTTP, by an event and by the clock."""
        await operations.sweep_things(
            payload=Sweep(), limit=100, kind=SweepThingsKind.OLD, since=None
        )

    @broker.scheduled(
        Every(dt.timedelta(minutes=1, seconds=30)), group="shop", operation="things.count_things"
    )
    async def count_things() -> None:
        """Count things."""
        await operations.count_things()
