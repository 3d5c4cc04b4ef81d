# Generated from services/backend/spec/users.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `users`; FastAPI's router has all others."""

from framework.runtime.endpoints import Endpoints, Request, Response, WireType
from framework.runtime.types import Int64
from services.backend.src.generated.operations import UsersOperations
from shared.generated.schemas import UserCreate, UserRead

_INT = WireType(Int64)
_USER_READ = WireType(UserRead)
_LIST_OF_USER_READ = WireType(list[UserRead])
_USER_CREATE = WireType(UserCreate)


def create_endpoints(operations: UsersOperations) -> Endpoints:
    """Make the endpoints of the domain `users`."""

    async def get_user(request: Request) -> Response:
        """Get user."""
        result = await operations.get_user(user_id=request.path("user_id", _INT))
        return Response(200, _USER_READ.encode(result))

    async def list_users(request: Request) -> Response:
        """List users."""
        result = await operations.list_users(limit=request.query("limit", _INT, default=20))
        return Response(200, _LIST_OF_USER_READ.encode(result))

    async def create_user(request: Request) -> Response:
        """Create user."""
        result = await operations.create_user(payload=await request.body(_USER_CREATE))
        return Response(201, _USER_READ.encode(result))

    async def delete_user(request: Request) -> Response:
        """Delete user."""
        await operations.delete_user(user_id=request.path("user_id", _INT))
        return Response(204)

    return {
        "get_user": get_user,
        "list_users": list_users,
        "create_user": create_user,
        "delete_user": delete_user,
    }
