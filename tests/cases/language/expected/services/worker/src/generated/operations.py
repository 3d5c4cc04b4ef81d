# Generated from services/worker/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `worker`, each as one unit of work."""

from framework.runtime.direct import DirectFailures
from services.worker.src.generated.protocols import ChecksControllerProtocol
from shared.generated.events import publish_case_closed, publish_check_failed
from shared.generated.schemas import Case, CaseOpen, ThingName


class ChecksOperations:
    """The operations of the domain `checks`, whatever calls them."""

    def __init__(
        self,
        controller: ChecksControllerProtocol,
    ) -> None:
        self._controller = controller
        self._failures = DirectFailures()

    async def check_again(
        self,
        *,
        payload: Case,
    ) -> Case:
        """Check again.

        Raises:
            CaseExists: the event is not tried again.
        """
        async with self._failures.report_failure("checks.check_again", publish_check_failed):
            return await self._controller.check_again(payload=payload)

    async def look_around(
        self,
    ) -> None:
        """Look around.

        Raises:
            Conflict: the run is not tried again.
        """
        async with self._failures.report_failure("checks.look_around", publish_check_failed):
            await self._controller.look_around()

    async def close_old(
        self,
        *,
        payload: ThingName,
    ) -> CaseOpen:
        """Close old."""
        result = await self._controller.close_old(payload=payload)
        await publish_case_closed(result)
        return result
