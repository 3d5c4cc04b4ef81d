"""How long a client may take."""

from __future__ import annotations

from pydantic import Field

from framework.runtime.settings import Settings


class HttpSettings(Settings):
    """Read from `REQUEST_TIMEOUT`."""

    request_timeout: float = Field(
        30, gt=0, description="Write for how many seconds a client may go on sending one request."
    )
