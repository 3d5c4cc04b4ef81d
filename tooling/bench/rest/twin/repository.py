"""Reading and writing users by the ORM. The generated service of the same case runs on this very module."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tooling.bench.rest.twin.tables import User


async def get(session: AsyncSession, user_id: int) -> User | None:
    """The user with this id, if there is one."""
    return await session.get(User, user_id)


async def page(session: AsyncSession, *, after: int, limit: int) -> Sequence[User]:
    """At most `limit` users with an id greater than `after`, by id."""
    return (await session.scalars(select(User).where(User.id > after).order_by(User.id).limit(limit))).all()


async def add(session: AsyncSession, user: User) -> None:
    """Insert `user` and give it its id. Raises `IntegrityError` if its email or telegram_id is taken."""
    session.add(user)
    await session.flush()
