"""An order that refuses in words of HTTP."""

import fastapi
from fastapi import HTTPException, status
from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import Order


class Gone(HTTPException):
    """A refusal of its own."""


class OrdersController:
    """Looks after orders."""

    async def get_order(self, session: AsyncSession, order_id: int) -> Order:
        """Raise it at once."""
        if order_id < 1:
            raise HTTPException(404)
        raise fastapi.HTTPException(status_code=status.HTTP_402_PAYMENT_REQUIRED, detail="Pay first.")

    async def cancel_order(self, session: AsyncSession, order_id: int) -> None:
        """Raise what another function makes, and what may be."""
        if order_id < 1:
            raise _refusal()
        # framework: allow[hand-written-error] an old client reads this body
        raise HTTPException(410)


def _refusal() -> Exception:
    return HTTPException(status_code=status.HTTP_409_CONFLICT)
