# Generated from services/backend/spec/users.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `users` over HTTP."""

from fastapi import APIRouter

from framework.runtime.types import Int64
from services.backend.src.generated.operations import UsersOperations
from shared.generated.schemas import UserCreate, UserRead


def create_router(operations: UsersOperations) -> APIRouter:
    """Make the routes of the domain `users`."""
    router = APIRouter(tags=["users"])

    @router.get("/users/{user_id}", operation_id="get_user")
    async def get_user(
        user_id: Int64,
    ) -> UserRead:
        """Get user."""
        return await operations.get_user(user_id=user_id)

    @router.get("/users", operation_id="list_users")
    async def list_users(
        limit: Int64 = 20,
    ) -> list[UserRead]:
        """List users."""
        return await operations.list_users(limit=limit)

    @router.post("/users", operation_id="create_user", status_code=201)
    async def create_user(
        payload: UserCreate,
    ) -> UserRead:
        """Create user."""
        return await operations.create_user(payload=payload)

    @router.delete("/users/{user_id}", operation_id="delete_user", status_code=204)
    async def delete_user(
        user_id: Int64,
    ) -> None:
        """Delete user."""
        await operations.delete_user(user_id=user_id)

    return router
