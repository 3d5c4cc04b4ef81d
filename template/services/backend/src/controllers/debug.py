"""The business logic of the domain `debug`: there is none, but a door that production keeps shut."""

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.settings import load
from services.backend.src.settings import Settings
from shared.generated.errors import NotFound
from shared.generated.schemas import CommandReceived


class DebugController:
    """For trying things out. Deprecated: services publish their events themselves."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load(Settings)

    async def publish_command(self, session: AsyncSession, payload: CommandReceived) -> None:
        """Agree to publish `payload`, which the spec does. Raises `NotFound` in production."""
        if not self._settings.has_debug_endpoints:
            raise NotFound("Debug endpoints are off in production.")
