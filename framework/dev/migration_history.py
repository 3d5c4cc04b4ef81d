"""Whether the migration files of a service are one line of revisions, and the database stands on it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration file says of itself."""

    file: str
    revision: str
    follows: tuple[str, ...]


def read_migrations(versions: Path) -> list[Migration] | None:
    """The migrations in a folder by file name; None when a file computes its revision, or has none.

    Raises SyntaxError for a file that is no Python.
    """
    migrations = []
    for path in sorted(versions.glob("*.py")):
        if path.name != "__init__.py":
            migration = _read(path)
            if migration is None:
                return None
            migrations.append(migration)
    return migrations


def _read(path: Path) -> Migration | None:
    values = {}
    for statement in ast.parse(path.read_bytes(), str(path)).body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in {"revision", "down_revision"}:
                try:
                    values[name] = ast.literal_eval(value)
                except ValueError:
                    return None
    if not isinstance(values.get("revision"), str):
        return None
    follows = values.get("down_revision") or ()
    return Migration(
        path.name, values["revision"], (follows,) if isinstance(follows, str) else tuple(follows)
    )


def mistake_in(migrations: Iterable[Migration], current: Collection[str], database: str) -> str | None:
    """What keeps a database at the revisions `current` from being migrated, and the cure; None if nothing."""
    known: dict[str, Migration] = {}
    for migration in migrations:
        if twin := known.get(migration.revision):
            return _twins(twin, migration)
        known[migration.revision] = migration
    for revision in sorted(set(current) - set(known)):
        return (
            f"the database {database} is at revision {revision!r}, and the file of that migration is "
            "missing: bring it back (git has it, or the branch it was written on); if it is gone for good, "
            "and so may be the data, drop the database and run `make migrate`"
        )
    for migration in known.values():
        for revision in sorted(set(migration.follows) - set(known)):
            return (
                f"{migration.file} follows revision {revision!r}, and the file of that migration is missing: "
                f"bring it back, or set down_revision in {migration.file} to the revision before it"
            )
    return _fork(known, current)


def _twins(one: Migration, other: Migration) -> str:
    return (
        f"{one.file} and {other.file} have the same revision {one.revision!r}, as after a merge: "
        f"in the later of the two set down_revision to {one.revision!r} and revision to the next free "
        "number, and name its file after that"
    )


def _fork(known: dict[str, Migration], current: Collection[str]) -> str | None:
    followed = {revision for migration in known.values() for revision in migration.follows}
    heads = [migration for migration in known.values() if migration.revision not in followed]
    if len(heads) < 2:
        return None
    # What the database has already must stay the earlier one: Alembic would never come back to the other.
    earlier, later, *_ = sorted(heads, key=lambda head: (head.revision not in current, head.file))
    return (
        f"{' and '.join(head.file for head in heads)} are both the last migration, as after a merge: "
        f"set down_revision in {later.file} to {earlier.revision!r}"
    )
