"""The business logic of the domain `users` on the repository of the twin, unchanged: ordinary ORM."""

from shared.generated.errors import Invalid, NotFound, UserExists
from shared.generated.schemas import UserCreate, UserRead, UserUpdate
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from tooling.bench.rest.twin import repository
from tooling.bench.rest.twin.tables import User


class UsersController:
    """Registers people and looks after what is known of them."""

    async def list_users(self, session: AsyncSession, page: PageRequest) -> Page[UserRead]:
        """The users of one page."""
        (after,) = page.after or (0,)
        users = await repository.page(session, after=after, limit=page.limit + 1)
        return page.of([UserRead.model_validate(user) for user in users])

    async def get_user(self, session: AsyncSession, user_id: int) -> UserRead:
        """The user with this id. Raises `NotFound`."""
        user = await repository.get(session, user_id)
        if user is None:
            raise NotFound(f"There is no user {user_id}.")
        return UserRead.model_validate(user)

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Register a user. Raises `Invalid` if nothing says how to reach them, else `UserExists`."""
        if payload.email is None and payload.telegram_id is None:
            raise Invalid("A user needs an email or a telegram_id.")
        user = User(**payload.model_dump())
        try:
            await repository.add(session, user)
        except IntegrityError as error:
            raise UserExists("Another user has this email or telegram_id.") from error
        return UserRead.model_validate(user)

    async def update_user(self, session: AsyncSession, user_id: int, payload: UserUpdate) -> UserRead:
        """Not measured."""
        raise NotImplementedError

    async def delete_user(self, session: AsyncSession, user_id: int) -> None:
        """Not measured."""
        raise NotImplementedError
