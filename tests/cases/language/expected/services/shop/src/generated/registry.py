# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `shop` joined to its transports."""

from collections.abc import Callable

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database, SessionFactory
from framework.runtime.endpoints import OperationRouter
from services.shop.src.controllers.shelves import ShelvesController
from services.shop.src.controllers.things import ThingsController
from services.shop.src.generated.endpoints.shelves import (
    create_endpoints as create_shelves_endpoints,
)
from services.shop.src.generated.endpoints.things import create_endpoints as create_things_endpoints
from services.shop.src.generated.event_adapter import register_things_handlers
from services.shop.src.generated.operations import ShelvesOperations, ThingsOperations
from services.shop.src.generated.protocols import (
    ShelvesControllerProtocol,
    ThingsControllerProtocol,
)
from services.shop.src.generated.routers.shelves import create_router as create_shelves_router
from services.shop.src.generated.routers.things import create_router as create_things_router
from services.shop.src.generated.schedules import register_things_schedules

__all__ = [
    "ShelvesControllerProtocol",
    "ThingsControllerProtocol",
    "create_api_router",
    "database",
    "register_event_handlers",
]

database = Database("shop")


def create_shelves_controller() -> ShelvesControllerProtocol:
    """Make the controller of the domain `shelves`."""
    return ShelvesController()


def create_things_controller() -> ThingsControllerProtocol:
    """Make the controller of the domain `things`."""
    return ThingsController()


def create_api_router(
    *,
    get_db: SessionFactory = database.session,
    get_shelves_controller: Callable[[], ShelvesControllerProtocol] = create_shelves_controller,
    get_things_controller: Callable[[], ThingsControllerProtocol] = create_things_controller,
) -> OperationRouter:
    """Make the routes of every domain."""
    router = OperationRouter()
    shelves = ShelvesOperations(get_shelves_controller(), get_db)
    router.add(create_shelves_router(shelves), create_shelves_endpoints(shelves))
    things = ThingsOperations(get_things_controller(), get_db)
    router.add(create_things_router(things), create_things_endpoints(things))
    return router


def register_event_handlers(
    broker: EventBroker,
    *,
    get_session: SessionFactory = database.session,
    get_things_controller: Callable[[], ThingsControllerProtocol] = create_things_controller,
) -> None:
    """Subscribe every domain to its events and its clock."""
    register_things_handlers(broker, ThingsOperations(get_things_controller(), get_session))
    register_things_schedules(broker, ThingsOperations(get_things_controller(), get_session))
