# Generated from services/courier/spec/courier.yaml by `make generate-from-spec`. Do not edit.
"""The operations of the domain `courier` over HTTP."""

from fastapi import APIRouter

from framework.runtime.types import Text
from services.courier.src.generated.operations import CourierOperations


def create_router(operations: CourierOperations) -> APIRouter:
    """Make the routes of the domain `courier`."""
    router = APIRouter(tags=["courier"])

    @router.get("/hello", operation_id="say_hello")
    async def say_hello(
        name: Text = "world",
    ) -> Text:
        """Greets whoever asks. Put your first operation in its place."""
        return await operations.say_hello(name=name)

    return router
