"""The users that every subject answers with.

They are known by their telegram_id and have no email: to look at an address takes `email-validator` 60 µs, of
every subject alike, which would hide what is compared.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

KEPT: Final = 1_000
"""How many there are before anything is measured, with ids from 1 on."""
READ: Final = 500
"""The one that is read."""
_BEGIN: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


def user(number: int) -> dict[str, Any]:
    """The columns of a user, which are the members of an answer as well."""
    created = _BEGIN + timedelta(minutes=number)
    return {
        "id": number,
        "name": f"Ada Lovelace the {number}th",
        "email": None,
        "telegram_id": 10_000 + number,
        "is_admin": number % 10 == 0,
        "created_at": created,
        "updated_at": created,
    }
