"""The business logic of the domain `checks`."""

from shared.generated.schemas import Case, CaseOpen, ThingName


class ChecksController:
    """Carries out the operations of `services/worker/spec/checks.yaml`."""

    async def check_again(
        self,
        payload: Case,
    ) -> Case:
        """Check again.

        Raises:
            CaseExists: the event is not tried again.
        """
        raise NotImplementedError("not written yet")

    async def look_around(
        self,
    ) -> None:
        """Look around.

        Raises:
            Conflict: the run is not tried again.
        """
        raise NotImplementedError("not written yet")

    async def close_old(
        self,
        payload: ThingName,
    ) -> CaseOpen:
        """Close old."""
        raise NotImplementedError("not written yet")
