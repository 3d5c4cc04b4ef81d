"""Other spellings of what is wanted, and types that are wider or narrower than need be: nothing is wrong."""

import uuid
from datetime import datetime
from typing import Annotated, Any, List, Optional

import sqlalchemy.ext.asyncio as sa
from shared.generated import schemas

Session = sa.AsyncSession


class PartsController:
    """Looks after parts."""

    async def find_parts(
        self, db: Session, *, number: Annotated[uuid.UUID, "a number"], since: Optional["datetime"]
    ) -> List["schemas.OrderRead"]:
        """Find parts."""
        raise NotImplementedError

    async def weigh(self, session: "Session", note: str | int | None, **others: Any) -> int:
        """Weigh."""
        raise NotImplementedError
