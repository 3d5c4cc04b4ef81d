# Generated from services/desk/spec by `make generate-from-spec`. Do not edit.
"""The service `desk` as `bot` calls it."""

from pydantic import Field

from framework.runtime.http_client import HttpClient, RetryPolicy
from framework.runtime.schema import decode
from framework.runtime.settings import ServiceSettings, load
from shared.generated.errors import CaseExists, Conflict, DeskClosed, Invalid
from shared.generated.schemas import Case, CaseOpen


class DeskSettings(ServiceSettings):
    """Where the service `desk` is."""

    desk_api_base_url: str = Field(
        description="The address of the service `desk`, such as http://localhost:8005."
    )


class DeskClient(HttpClient):
    """Calls `desk`, at `DESK_API_BASE_URL` unless another address is given."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        max_retries: int = 3,
        initial_delay: float = 1.0,
        retry_server_errors: RetryPolicy = RetryPolicy.IDEMPOTENT,
        deadline: float = 30.0,
    ) -> None:
        super().__init__(
            base_url or load(DeskSettings).desk_api_base_url,
            max_retries=max_retries,
            initial_delay=initial_delay,
            retry_server_errors=retry_server_errors,
            deadline=deadline,
        )

    async def open_case(
        self,
        *,
        payload: CaseOpen,
    ) -> Case | None:
        """Open case.

        Raises:
            CaseExists: 409 over REST.
            Conflict: 409 over REST.
            Invalid: 422 over REST.
            DeskClosed: 503 over REST.
        """
        response = await self.request(
            "POST",
            "/cases",
            idempotent=False,
            content=payload,
            errors=[CaseExists, Conflict, Invalid, DeskClosed],
        )
        return decode(Case | None, response.content)
