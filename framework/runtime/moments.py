"""Moments as people write them: `2h` ago, or a time of day in ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO: Final = re.compile(r"(\d{1,6})([smhdw])")


def moment(text: str, now: datetime) -> datetime:
    """Read `90s`, `15m`, `2h`, `3d` or `1w` as so long before `now`, and ISO 8601 as it stands.

    Without a zone it is in UTC. Raises ValueError, with how to write it, for anything else.
    """
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        time = datetime.fromisoformat(text.strip())
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is no time: write 15m, 2h or 3d for so long ago, or 2026-01-31T12:00"
        ) from None
