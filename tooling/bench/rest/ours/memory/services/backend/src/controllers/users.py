"""The business logic of the domain `users` without a database: that of the twin's."""

from shared.generated.schemas import UserRead

from tooling.bench.rest.memory import MemoryUsers


class UsersController(MemoryUsers[UserRead]):
    """Answers what is prepared."""

    def __init__(self) -> None:
        super().__init__(UserRead)
