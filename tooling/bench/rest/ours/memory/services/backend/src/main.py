"""The service `backend` on sessions that do nothing."""

from services.backend.src.generated.registry import create_api_router
from shared.generated.events import broker

from framework.runtime.service import create_fastapi_app
from framework.runtime.sessions import ServiceSession
from tooling.bench.rest.memory import FakeSession


class FakeServiceSession(FakeSession, ServiceSession):
    """Begins with the first statement, and reads without a transaction, as on PostgreSQL."""

    begins_late = is_made = True

    def read_by_statements(self) -> bool:
        """It does."""
        return True

    def in_transaction(self) -> bool:
        """Never."""
        return False


app = create_fastapi_app(
    service="backend",
    description="Users and their REST API.",
    broker=broker,
    database=None,
    api_router=create_api_router(get_db=FakeServiceSession),
    register=None,
)
