# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `desk` joined to its transports."""

from collections.abc import Callable

from fastapi import APIRouter

from services.desk.src.controllers.cases import CasesController
from services.desk.src.controllers.old_cases import OldCasesController
from services.desk.src.generated.operations import CasesOperations, OldCasesOperations
from services.desk.src.generated.protocols import (
    CasesControllerProtocol,
    OldCasesControllerProtocol,
)
from services.desk.src.generated.routers.cases import create_router as create_cases_router
from services.desk.src.generated.routers.old_cases import create_router as create_old_cases_router

__all__ = [
    "CasesControllerProtocol",
    "OldCasesControllerProtocol",
    "create_api_router",
]


def create_api_router(
    *,
    get_cases_controller: Callable[[], CasesControllerProtocol] = CasesController,
    get_old_cases_controller: Callable[[], OldCasesControllerProtocol] = OldCasesController,
) -> APIRouter:
    """Make the routes of every domain."""
    router = APIRouter()
    router.routes.extend(create_cases_router(CasesOperations(get_cases_controller())).routes)
    router.routes.extend(
        create_old_cases_router(OldCasesOperations(get_old_cases_controller())).routes
    )
    return router
