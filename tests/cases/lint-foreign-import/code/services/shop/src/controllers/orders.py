"""The business logic of the domain `orders`."""

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

import services.billing.src.settings
from services import biling, shop
from services.billing.src.controllers import invoices
from services.shop.src.models import Base
from services.store.src.repositories import orders
from shared.generated.schemas import OrderCreate, OrderRead


class OrdersController:
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int) -> OrderRead:
        """The order of this number."""
        raise NotImplementedError

    async def list_orders(self, session: AsyncSession, since: dt.datetime) -> list[OrderRead]:
        """The orders since a time."""
        raise NotImplementedError

    async def place_order(self, session: AsyncSession, payload: OrderCreate) -> OrderRead:
        """Places an order."""
        raise NotImplementedError
