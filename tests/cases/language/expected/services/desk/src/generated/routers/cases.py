# Generated from services/desk/spec/cases.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `cases` over HTTP."""

from fastapi import APIRouter

from framework.runtime.types import Int64
from services.desk.src.generated.operations import CasesOperations
from shared.generated.schemas import Case, CaseOpen


def create_router(operations: CasesOperations) -> APIRouter:
    """Make the routes of the domain `cases`."""
    router = APIRouter(tags=["cases"])

    @router.post("/cases", operation_id="open_case")
    async def open_case(
        payload: CaseOpen,
    ) -> Case | None:
        """Open case."""
        return await operations.open_case(payload=payload)

    @router.get("/cases/count", operation_id="count_cases")
    async def count_cases() -> Int64:
        """Count cases."""
        return await operations.count_cases()

    return router
