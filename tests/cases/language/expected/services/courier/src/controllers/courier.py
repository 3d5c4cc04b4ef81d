"""The business logic of the domain `courier`."""


class CourierController:
    """Carries out the operations of `services/courier/spec/courier.yaml`."""

    async def say_hello(
        self,
        name: str,
    ) -> str:
        """Greets whoever asks. Put your first operation in its place."""
        return f"Hello, {name}!"
