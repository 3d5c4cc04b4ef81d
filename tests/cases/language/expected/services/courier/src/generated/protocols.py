# Generated from services/courier/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `courier` must be able to do."""

from typing import Protocol


class CourierControllerProtocol(Protocol):
    """The business logic of the domain `courier`."""

    async def say_hello(
        self,
        name: str,
    ) -> str:
        """Greets whoever asks. Put your first operation in its place."""
