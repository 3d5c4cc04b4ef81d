# Generated from services/desk/spec/old_cases.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `old_cases`; FastAPI's router has all others."""

from framework.runtime.endpoints import Endpoints, Reply, Request
from services.desk.src.generated.operations import OldCasesOperations


def create_endpoints(operations: OldCasesOperations) -> Endpoints:
    """Make the endpoints of the domain `old_cases`."""

    async def forget_cases(request: Request) -> Reply:
        """Forget cases."""
        await operations.forget_cases()
        return Reply(204)

    return {
        "forget_cases": forget_cases,
    }
