# Generated from services/courier/spec/courier.yaml by `make generate-from-spec`. Do not edit.
"""The good case of each route of the domain `courier`; FastAPI's router has all others."""

from framework.runtime.endpoints import Endpoints, Request, Response, WireType
from framework.runtime.types import Text
from services.courier.src.generated.operations import CourierOperations

_STRING = WireType(Text)


def create_endpoints(operations: CourierOperations) -> Endpoints:
    """Make the endpoints of the domain `courier`."""

    async def say_hello(request: Request) -> Response:
        """Greets whoever asks. Put your first operation in its place."""
        result = await operations.say_hello(name=request.query("name", _STRING, default="world"))
        return Response(200, _STRING.encode(result))

    return {
        "say_hello": say_hello,
    }
