"""The business logic of the domain `orders`."""

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import OrderCreate, OrderRead


class OrdersController:
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int -> OrderRead:
        raise NotImplementedError
