"""The controllers by themselves: a session whose work is rolled back, no HTTP and no events."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.backend.src.controllers.users import UsersController
from shared.generated.errors import Invalid, NotFound
from shared.generated.schemas import UserCreate, UserUpdate

USERS = UsersController()
ADA = UserCreate(name="Ada", telegram_id=42)


async def test_a_user_is_changed_where_the_payload_says_so(session: AsyncSession) -> None:
    ada = await USERS.create_user(session, payload=ADA)

    changed = await USERS.update_user(session, user_id=ada.id, payload=UserUpdate(name="Ada Lovelace"))

    assert (changed.name, changed.telegram_id) == ("Ada Lovelace", 42)


async def test_a_user_whom_nothing_reaches_is_refused(session: AsyncSession) -> None:
    with pytest.raises(Invalid):
        await USERS.create_user(session, payload=UserCreate(name="Nobody"))


async def test_who_was_deleted_is_not_found(session: AsyncSession) -> None:
    ada = await USERS.create_user(session, payload=ADA)
    await USERS.delete_user(session, user_id=ada.id)

    with pytest.raises(NotFound):
        await USERS.get_user(session, user_id=ada.id)
