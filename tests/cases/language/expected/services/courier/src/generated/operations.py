# Generated from services/courier/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `courier`, each as one unit of work."""

from services.courier.src.generated.protocols import CourierControllerProtocol


class CourierOperations:
    """The operations of the domain `courier`, whatever calls them."""

    def __init__(
        self,
        controller: CourierControllerProtocol,
    ) -> None:
        self._controller = controller

    async def say_hello(
        self,
        *,
        name: str,
    ) -> str:
        """Greets whoever asks. Put your first operation in its place."""
        return await self._controller.say_hello(name=name)
