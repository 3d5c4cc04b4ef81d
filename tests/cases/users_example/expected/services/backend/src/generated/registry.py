# Generated from services/backend/spec by `make generate-from-spec`. Do not edit.
"""The controllers of the service `backend` joined to its transports."""

from collections.abc import Callable

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database, SessionFactory
from framework.runtime.endpoints import OperationRouter
from services.backend.src.controllers.users import UsersController
from services.backend.src.generated.endpoints.users import (
    create_endpoints as create_users_endpoints,
)
from services.backend.src.generated.event_adapter import register_users_handlers
from services.backend.src.generated.operations import UsersOperations
from services.backend.src.generated.protocols import UsersControllerProtocol
from services.backend.src.generated.routers.users import create_router as create_users_router

__all__ = [
    "UsersControllerProtocol",
    "create_api_router",
    "database",
    "register_event_handlers",
]

database = Database("backend")


def create_users_controller() -> UsersControllerProtocol:
    """Make the controller of the domain `users`."""
    return UsersController()


def create_api_router(
    *,
    get_db: SessionFactory = database.session,
    get_users_controller: Callable[[], UsersControllerProtocol] = create_users_controller,
) -> OperationRouter:
    """Make the routes of every domain."""
    router = OperationRouter()
    users = UsersOperations(get_users_controller(), get_db)
    router.add(create_users_router(users), create_users_endpoints(users))
    return router


def register_event_handlers(
    broker: EventBroker,
    *,
    get_session: SessionFactory = database.session,
    get_users_controller: Callable[[], UsersControllerProtocol] = create_users_controller,
) -> None:
    """Subscribe every domain to its events."""
    register_users_handlers(broker, UsersOperations(get_users_controller(), get_session))
