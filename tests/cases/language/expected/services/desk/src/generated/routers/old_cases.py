# Generated from services/desk/spec/old_cases.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `old_cases` over HTTP."""

from fastapi import APIRouter

from services.desk.src.generated.operations import OldCasesOperations


def create_router(operations: OldCasesOperations) -> APIRouter:
    """Make the routes of the domain `old_cases`."""
    router = APIRouter(tags=["old_cases"])

    @router.delete("/cases", operation_id="forget_cases", status_code=204)
    async def forget_cases() -> None:
        """Forget cases."""
        await operations.forget_cases()

    return router
