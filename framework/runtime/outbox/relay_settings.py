"""Where the relay of a service runs, as far as a deployment may decide it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from framework.runtime.settings import Settings


class RelaySettings(Settings):
    """Read from `OUTBOX_RELAY`."""

    model_config = SettingsConfigDict(env_prefix="OUTBOX_")

    relay: Literal["inline", "off"] = Field(
        "inline", description="Write inline, or off where the relay is a process of its own."
    )
