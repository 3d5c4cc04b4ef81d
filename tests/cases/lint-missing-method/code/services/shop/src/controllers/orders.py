"""The business logic of the domain `orders`."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.shop.src.common import Reading
from shared.generated.schemas import OrderRead


class OrdersController(Reading):
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int) -> OrderRead:
        """The order of this number."""
        raise NotImplementedError
