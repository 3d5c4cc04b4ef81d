"""The account that servers which refuse to run as root are started under."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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


def run_as(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    directory: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end under `account` (None: our own) and keep its output.

    The exit code is for the caller to look at. Raises `OSError` when `account` cannot run it.
    """
    return subprocess.run(
        [str(part) for part in command],
        cwd=directory,
        env=None if environment is None else dict(environment),
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
