"""A PostgreSQL cluster on disk: made once, where the account that runs the server can reach it."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from framework.servers.accounts import Account, run_as
from framework.servers.postgres_binaries import Binaries
from framework.servers.process import ServerError

USER = "postgres"
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": LOCALE, "TZ": "UTC"}
PERSISTENT_ROOT = Path("/var/tmp")  # noqa: S108


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder of a cluster's files, and the password of its superuser `postgres`."""

    data: Path
    password: str


def open_cluster(home: Path, binaries: Binaries, account: Account | None) -> Cluster:
    """The cluster in `home`, made if it is not there. Raises `ServerError` when another version made it."""
    home = _reachable(home, account)
    data, password = home / "data", home / "password"
    version = data / "PG_VERSION"
    if not version.exists():
        _make(data, password, binaries, account)
    made_by = version.read_text().strip()
    if made_by != binaries.major:
        raise ServerError(
            f"PostgreSQL {made_by} made the databases in {home}, and PostgreSQL {binaries.major} was found: "
            f"put PostgreSQL {made_by} on the PATH, or remove {home} and start with empty databases"
        )
    return Cluster(data, password.read_text())


def _reachable(home: Path, account: Account | None) -> Path:
    """`home`, created; when `account` may not go there (root's home), a link to a folder elsewhere."""
    if home.is_symlink() and not home.exists():  # the folder outside was cleaned away
        home.unlink()
    home.mkdir(parents=True, exist_ok=True)
    if home.is_symlink() or not account or _may_enter(home, account):
        return home.resolve()
    if any(home.iterdir()):
        raise ServerError(
            f"the account that PostgreSQL runs as cannot reach {home}: remove it and start again"
        )
    outside = Path(tempfile.mkdtemp(prefix="framework-postgres-", dir=PERSISTENT_ROOT))
    outside.chmod(0o711)
    home.rmdir()
    home.symlink_to(outside)
    return outside


def _may_enter(directory: Path, account: Account) -> bool:
    return run_as(account, ["test", "-x", directory], directory=Path("/")).returncode == 0


def _make(data: Path, password: Path, binaries: Binaries, account: Account | None) -> None:
    # A password, because any user of the machine can reach the port, and a superuser can run programs.
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(12))
    data.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(password, account.uid, account.gid)
        os.chown(data, account.uid, account.gid)
    options = ["--auth=password", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    command = [
        str(binaries.folder / "initdb"),
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={password}",
        *options,
    ]
    made = run_as(account, command, directory=data, environment=ENVIRONMENT)
    if made.returncode != 0:
        raise ServerError(f"PostgreSQL's initdb failed in {data}:\n{made.stderr.strip()}")
