# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `desk`, each as one unit of work."""

from services.desk.src.generated.protocols import (
    CasesControllerProtocol,
    OldCasesControllerProtocol,
)
from shared.generated.schemas import Case, CaseOpen


class CasesOperations:
    """The operations of the domain `cases`, whatever calls them."""

    def __init__(
        self,
        controller: CasesControllerProtocol,
    ) -> None:
        self._controller = controller

    async def open_case(
        self,
        *,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case."""
        return await self._controller.open_case(payload=payload)

    async def count_cases(
        self,
    ) -> int:
        """Count cases."""
        return await self._controller.count_cases()


class OldCasesOperations:
    """The operations of the domain `old_cases`, whatever calls them."""

    def __init__(
        self,
        controller: OldCasesControllerProtocol,
    ) -> None:
        self._controller = controller

    async def forget_cases(
        self,
    ) -> None:
        """Forget cases."""
        await self._controller.forget_cases()
