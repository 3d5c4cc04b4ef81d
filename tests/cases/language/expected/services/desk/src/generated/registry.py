# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `desk` joined to its transports."""

from collections.abc import Callable

from framework.runtime.broker import EventBroker
from framework.runtime.endpoints import OperationRouter
from services.desk.src.controllers.cases import CasesController
from services.desk.src.controllers.old_cases import OldCasesController
from services.desk.src.generated.endpoints.cases import create_endpoints as create_cases_endpoints
from services.desk.src.generated.endpoints.old_cases import (
    create_endpoints as create_old_cases_endpoints,
)
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
) -> OperationRouter:
    """Make the routes of every domain."""
    router = OperationRouter()
    cases = CasesOperations(get_cases_controller())
    router.add(create_cases_router(cases), create_cases_endpoints(cases))
    old_cases = OldCasesOperations(get_old_cases_controller())
    router.add(create_old_cases_router(old_cases), create_old_cases_endpoints(old_cases))
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
