# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `desk` joined to its transports."""

from collections.abc import Callable

from fastapi import APIRouter

from framework.runtime.broker import EventBroker
from services.desk.src.controllers.cases import CasesController
from services.desk.src.controllers.old_cases import OldCasesController
from services.desk.src.generated.operations import CasesOperations, OldCasesOperations
from services.desk.src.generated.protocols import (
    CasesControllerProtocol,
    OldCasesControllerProtocol,
)
from services.desk.src.generated.routers.cases import create_router as create_cases_router
from services.desk.src.generated.routers.old_cases import create_router as create_old_cases_router
from services.desk.src.generated.schedules import register_old_cases_schedules

__all__ = [
    "CasesControllerProtocol",
    "OldCasesControllerProtocol",
    "create_api_router",
    "register_event_handlers",
]


def create_cases_controller() -> CasesControllerProtocol:
    """Make the controller of the domain `cases`."""
    return CasesController()


def create_old_cases_controller() -> OldCasesControllerProtocol:
    """Make the controller of the domain `old_cases`."""
    return OldCasesController()


def create_api_router(
    *,
    get_cases_controller: Callable[[], CasesControllerProtocol] = create_cases_controller,
    get_old_cases_controller: Callable[
        [], OldCasesControllerProtocol
    ] = create_old_cases_controller,
) -> APIRouter:
    """Make the routes of every domain."""
    router = APIRouter()
    router.routes.extend(create_cases_router(CasesOperations(get_cases_controller())).routes)
    router.routes.extend(
        create_old_cases_router(OldCasesOperations(get_old_cases_controller())).routes
    )
    return router


def register_event_handlers(
    broker: EventBroker,
    *,
    get_old_cases_controller: Callable[
        [], OldCasesControllerProtocol
    ] = create_old_cases_controller,
) -> None:
    """Subscribe every domain to its events and its clock."""
    register_old_cases_schedules(broker, OldCasesOperations(get_old_cases_controller()))
