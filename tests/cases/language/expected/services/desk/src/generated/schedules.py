# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `desk` that the clock calls."""

import datetime as dt

from framework.runtime.broker import EventBroker
from framework.runtime.schedules.schedule import Every
from services.desk.src.generated.operations import OldCasesOperations


def register_old_cases_schedules(
    broker: EventBroker,
    operations: OldCasesOperations,
) -> None:
    """Schedule the operations of the domain `old_cases`."""

    @broker.scheduled(Every(dt.timedelta(days=1)), group="desk", operation="old_cases.file_cases")
    async def file_cases() -> None:
        """A service that handles no events has a clock too."""
        await operations.file_cases()
