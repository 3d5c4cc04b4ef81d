# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `desk` must be able to do."""

from typing import Protocol

from shared.generated.schemas import Case, CaseOpen


class CasesControllerProtocol(Protocol):
    """The business logic of the domain `cases`."""

    async def open_case(
        self,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case."""

    async def count_cases(
        self,
    ) -> int:
        """Count cases."""


class OldCasesControllerProtocol(Protocol):
    """The business logic of the domain `old_cases`."""

    async def forget_cases(
        self,
    ) -> None:
        """Forget cases."""
