"""How events are consumed, as far as a deployment may decide it."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from framework.runtime.settings import Settings


class ConsumerSettings(Settings):
    """Read from `EVENTS_CONCURRENCY`, `EVENTS_LEASE` and `EVENTS_GRACE`."""

    model_config = SettingsConfigDict(env_prefix="EVENTS_")

    concurrency: int = Field(16, ge=1, description="Write how many events one process handles at a time.")
    lease: float = Field(
        30,
        gt=0,
        description="Write after how many seconds without sign of life another process takes an event over.",
    )
    grace: float = Field(
        15,
        ge=0,
        description="Write how many seconds running handlers get to finish when the service is stopped.",
    )
