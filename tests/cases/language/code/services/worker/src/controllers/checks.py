"""The business logic of the domain `checks`."""

from shared.generated.errors import CaseExists
from shared.generated.schemas import Case, CaseOpen, ThingName


class ChecksController:
    """Carries out the operations of `services/worker/spec/checks.yaml`."""

    async def check_again(self, payload: Case) -> Case:
        """Refuse every case."""
        raise CaseExists(f"There is a case {payload.number}.")

    async def look_around(self) -> None:
        """Nothing calls it here."""
        raise NotImplementedError

    async def close_old(self, payload: ThingName) -> CaseOpen:
        """Nothing calls it here."""
        raise NotImplementedError
