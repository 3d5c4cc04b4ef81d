"""Reading and writing users; nothing here knows of HTTP, events or rules.

What is asked often stands here as a statement of SQLAlchemy that is prepared once. The rows that it returns
are values; who changes a user gets the entity, by `get_for_update`.
"""

from collections.abc import AsyncIterator, Mapping

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.keyset import Keyset
from framework.runtime.pages import Page, PageRequest
from framework.runtime.statements import Insertion, Row, Selection
from services.backend.src.generated.pages import LIST_USERS_ORDER
from services.backend.src.models import User
from shared.generated.schemas import UserRead

BATCH = 500
"""How many rows `stream` fetches at once."""

_BY_ID = Selection(select(User).where(User.id == bindparam("user_id")))
_LIST = Keyset(User, UserRead, order=LIST_USERS_ORDER)
_NEW = Insertion(User)


async def page(session: AsyncSession, request: PageRequest) -> Page[UserRead]:
    """The users of one page, in the order that the spec says."""
    return await _LIST.page(session, request)


async def stream(session: AsyncSession) -> AsyncIterator[User]:
    """All users by id, never more than `BATCH` of them in memory."""
    statement = select(User).order_by(User.id).execution_options(yield_per=BATCH)
    async for user in await session.stream_scalars(statement):
        yield user


async def get(session: AsyncSession, user_id: int) -> Row | None:
    """The user with this id, if there is one."""
    return await _BY_ID.first(session, user_id=user_id)


async def get_for_update(session: AsyncSession, user_id: int) -> User | None:
    """As `get`, and nobody else changes the user before this transaction ends."""
    return await session.get(User, user_id, with_for_update=True)


async def add(session: AsyncSession, values: Mapping[str, object]) -> Row:
    """Insert a user, as the last thing that an operation does: where something is to follow, use `row`.

    Raises `IntegrityError`, and may fail the transaction, if email or telegram_id is taken.
    """
    return await _NEW.last_row(session, **values)


async def change(session: AsyncSession, user: User, values: Mapping[str, object]) -> None:
    """Set fields of `user` by name. Raises `IntegrityError` as `add` does."""
    for name, value in values.items():
        setattr(user, name, value)
    await session.flush()


async def remove(session: AsyncSession, user_id: int) -> bool:
    """Delete the user with this id; False if there is none."""
    deleted = await session.scalar(delete(User).where(User.id == user_id).returning(User.id))
    return deleted is not None
