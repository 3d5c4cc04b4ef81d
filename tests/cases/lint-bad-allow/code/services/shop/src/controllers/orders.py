"""The business logic of the domain `orders`."""

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import OrderCreate, OrderRead


class OrdersController:
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int) -> OrderRead:
        """The order of this number."""
        raise NotImplementedError

    # framework: allow[wrong-anotation] the code is misspelt
    async def list_orders(self, session: AsyncSession, since: str) -> list[OrderRead]:
        """The orders since a time."""
        raise NotImplementedError

    # framework: allow the code is missing
    def place_order(self, session: AsyncSession, payload: OrderCreate) -> OrderRead:  # framework: allow[not-async]
        """Places an order."""
        raise NotImplementedError
