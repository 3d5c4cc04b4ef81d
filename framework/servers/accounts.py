"""The account that servers which refuse to run as root are started under."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A user and its group, by number."""

    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """`nobody` when we are root, None when we are an ordinary user and need no other.

    Raises `KeyError` on a system without the user `nobody`.
    """
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)
