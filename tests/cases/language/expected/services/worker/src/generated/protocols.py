# Generated from services/worker/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `worker` must be able to do."""

from typing import Protocol

from shared.generated.schemas import Case, CaseOpen, ThingName


class ChecksControllerProtocol(Protocol):
    """The business logic of the domain `checks`."""

    async def check_again(
        self,
        payload: Case,
    ) -> Case:
        """Check again.

        Raises:
            CaseExists: the event is not tried again.
        """

    async def look_around(
        self,
    ) -> None:
        """Look around.

        Raises:
            Conflict: the run is not tried again.
        """

    async def close_old(
        self,
        payload: ThingName,
    ) -> CaseOpen:
        """Close old."""
