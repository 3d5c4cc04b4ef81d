"""The business logic of the domain `old_cases`."""


class OldCasesController:
    """Carries out the operations of `services/desk/spec/old_cases.yaml`."""

    async def forget_cases(
        self,
    ) -> None:
        """Forget cases."""
        raise NotImplementedError("not written yet")

    async def file_cases(
        self,
    ) -> None:
        """A service that handles no events has a clock too."""
        raise NotImplementedError("not written yet")
