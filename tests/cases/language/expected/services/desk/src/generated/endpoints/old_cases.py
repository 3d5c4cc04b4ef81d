# Generated from services/desk/spec/old_cases.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `old_cases`; FastAPI's router has all others."""

from framework.runtime.endpoints import Endpoints, Request, Response
from services.desk.src.generated.operations import OldCasesOperations


def create_endpoints(operations: OldCasesOperations) -> Endpoints:
    """Make the endpoints of the domain `old_cases`."""

    async def forget_cases(request: Request) -> Response:
        """Forget cases."""
        await operations.forget_cases()
        return Response(204)

    return {
        "forget_cases": forget_cases,
    }
