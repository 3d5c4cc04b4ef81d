"""The business logic of the domain `swaps`, in a file of another name."""

from sqlalchemy.ext.asyncio import AsyncSession


class SwapsController:
    """Swaps."""

    async def swap(self, session: AsyncSession) -> None:
        """Swap."""
