"""Orders that refuse for reasons that no operation names."""

from contextlib import suppress

from framework.runtime import errors as common
from shared.generated import errors
from shared.generated.errors import AlreadySent, NotFound
from shared.generated.schemas import Order
from sqlalchemy.ext.asyncio import AsyncSession


class OrdersController:
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int) -> Order:
        """Raise one error that the operation names, and one that it does not."""
        if order_id < 1:
            raise NotFound("There is no such order.")
        raise AlreadySent("It is on its way.")

    async def cancel_order(self, session: AsyncSession, order_id: int) -> None:
        """Raise what is caught, what is not, and what the runtime brings for all."""
        try:
            raise NotFound("There is no such order.")
        except NotFound as error:
            if order_id < 1:
                raise errors.NotFound("Nor is there this one.") from error
        with suppress(NotFound):
            raise NotFound("Nobody hears this.")
        match order_id:
            case 1:
                raise common.Invalid("One is no order.")
            case _:
                raise errors.AlreadySent("It is on its way.")
