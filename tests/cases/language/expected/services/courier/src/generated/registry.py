# Generated from services/courier/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `courier` joined to its transports."""

from collections.abc import Callable

from framework.runtime.endpoints import OperationRouter
from services.courier.src.controllers.courier import CourierController
from services.courier.src.generated.endpoints.courier import (
    create_endpoints as create_courier_endpoints,
)
from services.courier.src.generated.operations import CourierOperations
from services.courier.src.generated.protocols import CourierControllerProtocol
from services.courier.src.generated.routers.courier import create_router as create_courier_router

__all__ = [
    "CourierControllerProtocol",
    "create_api_router",
]


def create_courier_controller() -> CourierControllerProtocol:
    """Make the controller of the domain `courier`."""
    return CourierController()


def create_api_router(
    *,
    get_courier_controller: Callable[[], CourierControllerProtocol] = create_courier_controller,
) -> OperationRouter:
    """Make the routes of every domain."""
    router = OperationRouter()
    courier = CourierOperations(get_courier_controller())
    router.add(create_courier_router(courier), create_courier_endpoints(courier))
    return router
