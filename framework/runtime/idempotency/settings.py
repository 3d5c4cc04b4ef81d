"""How long answers are kept, as far as a deployment may decide it."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from framework.runtime.settings import Settings


class IdempotencySettings(Settings):
    """Read from `IDEMPOTENCY_HOURS`."""

    model_config = SettingsConfigDict(env_prefix="IDEMPOTENCY_")

    hours: float = Field(
        24,
        gt=0,
        le=8_760,
        allow_inf_nan=False,
        description="Write for how many hours the answer to a request is kept under its Idempotency-Key.",
    )

    @property
    def memory(self) -> timedelta:
        """For how long a repetition is recognised, at least."""
        return timedelta(hours=self.hours)
