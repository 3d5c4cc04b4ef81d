"""The service `backend` on sessions that do nothing."""

from services.backend.src.generated.registry import create_api_router
from shared.generated.events import broker

from framework.runtime.service import create_fastapi_app
from tooling.bench.rest.memory import fake_sessions

app = create_fastapi_app(
    service="backend",
    description="Users and their REST API.",
    broker=broker,
    database=None,
    api_router=create_api_router(get_db=fake_sessions),
    register=None,
)
