"""The business logic of the domain `parts`."""

from sqlalchemy.ext.asyncio import AsyncSession


class PartsController:
    """Carries out the operations of `services/shop/spec/parts.yaml`."""

    async def count_parts(self, session: AsyncSession) -> dict[str, int]:
        """Count parts."""
        return {}
