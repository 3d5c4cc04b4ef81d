"""The business logic of the domain `cases`."""

from shared.generated.schemas import Case, CaseOpen


class CasesController:
    """Carries out the operations of `services/desk/spec/cases.yaml`."""

    async def open_case(
        self,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case."""
        raise NotImplementedError("not written yet")

    async def count_cases(
        self,
    ) -> int:
        """Count cases."""
        raise NotImplementedError("not written yet")
