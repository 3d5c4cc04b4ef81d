"""What controllers have in common."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import OrderCreate, OrderRead


class Reading:
    """One method that is inherited."""

    async def place_order(self, session: AsyncSession, payload: OrderCreate) -> OrderRead:
        """Places an order."""
        raise NotImplementedError
