"""`framework migrate` and `framework makemigrations` on SQLite and PostgreSQL."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest

from framework.servers.postgres import PostgresServer
from tests.dev.projects import MadeProject
from tests.servers.processes import is_alive

COLUMN = "    name: Mapped[str] = mapped_column(String(50))\n"
NEW_COLUMN = "    size: Mapped[int | None]\n"


@pytest.fixture
def project(tmp_path: Path) -> MadeProject:
    """A service `shop` with a table in its models, and no migration for it yet."""
    project = MadeProject(tmp_path / "a project of 100% ö")
    project.add_with_database("shop")
    return project


def tables(project: MadeProject, service: str = "shop") -> set[str]:
    with closing(sqlite3.connect(project.root / ".dev" / f"{service}.db")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def versions(project: MadeProject) -> list[str]:
    return sorted(path.name for path in project.root.glob("services/shop/migrations/versions/*.py"))


def add_column(project: MadeProject) -> None:
    models = project.root / "services" / "shop" / "src" / "models.py"
    project.write(models, models.read_text().replace(COLUMN, COLUMN + NEW_COLUMN))


def add_revision(project: MadeProject, revision: str, name: str, follows: str) -> None:
    path = project.root / "services/shop/migrations/versions" / f"{revision}_{name}.py"
    lines = [f"revision = {revision!r}", f"down_revision: str = {follows!r}", "def upgrade(): pass", ""]
    project.write(path, "\n".join(lines))


def assert_passes_lint(project: MadeProject) -> None:
    for check in (
        ["check", "--isolated", "--select", "ALL", "--ignore", "INP001,CPY001,COM812"],
        ["format", "--check"],
    ):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *check,
            str(project.root / "services/shop/migrations/versions"),
        ]
        linted = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
        assert linted.returncode == 0, linted.stdout


def test_a_migration_is_written_from_the_models_and_applied(project: MadeProject) -> None:
    written = project.run("makemigrations", "add_things")
    assert written.returncode == 0, written.stderr
    assert "shop: wrote services/shop/migrations/versions/0001_add_things.py" in written.stdout
    assert "things" not in tables(project)

    applied = project.run("migrate")

    assert applied.returncode == 0, applied.stderr
    assert "0001" in applied.stdout
    assert "shop: the database is up to date" in applied.stdout
    assert {"things", "outbox"} <= {name.removeprefix("framework_") for name in tables(project)}


def test_without_a_change_nothing_is_written(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")

    again = project.run("makemigrations", "more")

    assert again.returncode == 0, again.stderr
    assert "shop: nothing to write" in again.stdout
    assert versions(project) == ["0001_add_things.py"]


def test_the_next_migration_has_the_next_number_and_passes_lint(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    add_column(project)

    written = project.run("makemigrations", "add_size", "--service", "shop")

    assert written.returncode == 0, written.stderr
    assert versions(project) == ["0001_add_things.py", "0002_add_size.py"]
    assert_passes_lint(project)
    assert project.run("migrate", "shop").returncode == 0


@pytest.mark.parametrize("name", ["", "postgres", "app"])
async def test_on_postgres_every_service_gets_a_database_of_its_own(
    project: MadeProject, postgres_server: PostgresServer, name: str
) -> None:
    project.settings["DATABASE_URL"] = postgres_server.database_url(name)
    database = f"{name}_shop" if name else "shop"
    postgres_server.drop_database(database)

    assert project.run("makemigrations", "add_things").returncode == 0
    for _ in range(2):
        applied = project.run("migrate")
        assert applied.returncode == 0, applied.stderr

    connection = await asyncpg.connect(postgres_server.database_url(database))
    assert await connection.fetchval("SELECT count(*) FROM things") == 0
    await connection.close()
    postgres_server.drop_database(database)


def test_a_database_of_its_own_wins(project: MadeProject, tmp_path: Path) -> None:
    project.settings["SHOP_DATABASE_URL"] = f"sqlite:///{tmp_path / 'elsewhere.db'}"

    assert project.run("migrate").returncode == 0

    assert (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["migrate", "shep"], "no service 'shep'; did you mean 'shop'?"),
        (["makemigrations", "x", "--service", "shep"], "no service 'shep'"),
        (["migrate", "plain"], "plain has no database"),
    ],
)
def test_a_wrong_service_is_told(project: MadeProject, arguments: list[str], words: str) -> None:
    project.add("plain")

    ended = project.run(*arguments)

    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("postgresql://nobody@127.0.0.1:1/", "shop: .*refused"),
        ("sqlite:///one.db", "DATABASE_URL must name a PostgreSQL server"),
        ("postgresql://[::1", "DATABASE_URL"),
        ("postgresql://127.0.0.1:port/", "DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(project: MadeProject, setting: str, words: str) -> None:
    project.settings["DATABASE_URL"] = setting

    ended = project.run("migrate")

    assert ended.returncode == 1
    assert re.search(words, ended.stderr, re.IGNORECASE), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("setting", ["DATABASE_URL", "SHOP_DATABASE_URL"])
def test_a_database_that_is_down_is_told_with_its_setting_and_without_the_password(
    project: MadeProject, setting: str
) -> None:
    project.settings[setting] = "postgresql://me:secret@127.0.0.1:1/shop"

    ended = project.run("migrate")

    assert ended.returncode == 1
    assert f"shop: cannot connect to the database at 127.0.0.1:1, where {setting} says it is" in ended.stderr
    assert f"start that server, or correct {setting} in .env" in ended.stderr
    assert "secret" not in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_database_at_a_revision_without_a_file_is_told(project: MadeProject, left: int) -> None:
    project.run("makemigrations", "add_things")
    add_column(project)
    project.run("makemigrations", "add_size")
    assert project.run("migrate").returncode == 0
    for name in versions(project)[left:]:
        (project.root / "services/shop/migrations/versions" / name).unlink()

    for arguments in (["migrate"], ["makemigrations", "more"]):
        ended = project.run(*arguments)
        assert ended.returncode == 1
        assert ended.stderr.startswith(
            "shop, services/shop/migrations/versions: the database .dev/shop.db is at revision '0002', "
            "and the file of that migration is missing: bring it back"
        )
        assert "up to date" not in ended.stdout


@pytest.mark.parametrize(("applied", "cure"), [(False, ("0003_b", "0002")), (True, ("0002_a", "0003"))])
def test_two_last_migrations_are_told_with_a_cure_that_works(
    project: MadeProject, applied: bool, cure: tuple[str, str]
) -> None:
    project.run("makemigrations", "add_things")
    add_revision(project, "0003", "b", "0001")
    if applied:
        assert project.run("migrate").returncode == 0
    add_revision(project, "0002", "a", "0001")

    ended = project.run("migrate")

    assert ended.returncode == 1
    file, follows = cure
    revision, name = file.split("_")
    assert (
        "shop, services/shop/migrations/versions: 0002_a.py and 0003_b.py are both the last" in ended.stderr
    )
    assert f"set down_revision in {file}.py to '{follows}'\n" in ended.stderr
    add_revision(project, revision, name, follows)
    mended = project.run("migrate")
    assert mended.returncode == 0, mended.stderr
    assert f"Running upgrade {follows} -> {revision}" in mended.stdout


def test_two_migrations_of_one_number_are_told(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    add_revision(project, "0002", "a", "0001")
    add_revision(project, "0002", "b", "0001")

    ended = project.run("migrate")

    assert ended.returncode == 1
    assert "0002_a.py and 0002_b.py have the same revision '0002'" in ended.stderr
    assert "set down_revision to '0002' and revision to the next free number" in ended.stderr


def test_a_migration_that_follows_a_missing_one_is_told(project: MadeProject) -> None:
    add_revision(project, "0002", "a", "0001")

    ended = project.run("migrate")

    assert ended.returncode == 1
    assert "0002_a.py follows revision '0001', and the file of that migration is missing" in ended.stderr


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_times_and_enumerations_are_written_in_words_of_sqlalchemy(
    project: MadeProject, postgres_server: PostgresServer, database: str
) -> None:
    if database == "postgres":
        postgres_server.drop_database("typed_shop")
        project.settings["DATABASE_URL"] = postgres_server.database_url("typed")
    models = project.root / "services" / "shop" / "src" / "models.py"
    project.write(models, TYPED_MODELS)

    assert project.run("makemigrations", "add_orders").returncode == 0
    written = project.root / "services/shop/migrations/versions/0001_add_orders.py"
    assert 'sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False)' in written.read_text()
    assert 'sa.Column("status", sa.String(length=64), nullable=False)' in written.read_text()
    assert_passes_lint(project)
    applied = project.run("migrate")
    assert applied.returncode == 0, applied.stderr

    project.write(models, TYPED_MODELS.replace('PAID = "paid"', 'PAID = "paid"\n    SENT = "sent to you"'))
    again = project.run("makemigrations", "more")
    assert "shop: nothing to write" in again.stdout, again.stderr
    if database == "postgres":
        postgres_server.drop_database("typed_shop")


TYPED_MODELS = """
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.columns import COLUMN_TYPES


class Base(DeclarativeBase):
    type_annotation_map = COLUMN_TYPES


class OrderStatus(StrEnum):
    NEW = "new"
    PAID = "paid"


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[OrderStatus] = mapped_column(index=True)
    earlier: Mapped[OrderStatus | None]
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
"""


def test_a_mistake_in_the_models_is_told_with_its_place(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    models = project.root / "services" / "shop" / "src" / "models.py"

    project.write(models, MISSPELT)
    ended = project.run("migrate")
    assert ended.returncode == 1
    assert ended.stderr == "shop: NameError: name 'Strin' is not defined (services/shop/src/models.py:3)\n"

    project.write(models, "class Base(\n")
    ended = project.run("migrate")
    assert ended.stderr == "shop: SyntaxError: '(' was never closed (services/shop/src/models.py:1)\n"


MISSPELT = """from sqlalchemy import String

length = Strin
"""


@pytest.mark.parametrize("arguments", [["migrate"], ["makemigrations", "x"], ["dev"]])
def test_a_project_without_generated_migrations_is_told_so(
    project: MadeProject, arguments: list[str]
) -> None:
    (project.root / "services" / "shop" / "migrations" / "env.py").unlink()

    ended = project.run(*arguments)

    assert ended.returncode == 1
    assert ended.stderr == (
        "the code of shop is not generated: run `make generate-from-spec`, or `make sync-services` if the "
        "service is new\n"
    )


def test_a_migration_that_fails_is_told_and_leaves_the_database_as_it_was(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    first = project.root / "services/shop/migrations/versions/0001_add_things.py"
    project.write(first, first.read_text().replace('"""Apply the change."""', 'op.execute("nonsense")'))

    ended = project.run("migrate")

    assert ended.returncode == 1
    assert 'shop: OperationalError: (sqlite3.OperationalError) near "nonsense"' in ended.stderr
    assert "things" not in tables(project)


def test_dev_migrates_first_and_again_when_a_migration_is_saved(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    with project.running() as dev:
        dev.wait_for("migrate \\| shop: the database is up to date")
        dev.wait_for("shop listens")
        assert "things" in tables(project)
        add_column(project)
        dev.wait_for("shop listens", times=2)

        assert project.run("makemigrations", "add_size").returncode == 0

        dev.wait_for("shop    \\| shop: Running upgrade 0001 -> 0002")
        dev.wait_for("shop listens", times=3)


def test_dev_does_not_start_on_databases_that_it_cannot_migrate(project: MadeProject) -> None:
    project.write(project.root / "services" / "shop" / "src" / "models.py", "import nothing_of_that_name\n")
    project.write(project.root / "services/shop/migrations/versions/0001_x.py", "")

    ended = project.run("dev")

    assert ended.returncode == 1
    assert "ModuleNotFoundError" in ended.stdout
    assert "the databases could not be migrated" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_dev_with_postgres_keeps_its_databases_in_the_project(project: MadeProject) -> None:
    project.run("makemigrations", "add_things")
    for turn in (1, 2):
        with project.running("--db", "postgres") as dev:
            url = dev.wait_for(r"PostgreSQL is at (\S+)")
            dev.wait_for("shop listens")
            assert ("Running upgrade 0001" in dev.log or "-> 0001" in dev.log) == (turn == 1)
            processes = dev.descendants()
            assert dev.stop() == 0
            assert not [pid for pid in processes if is_alive(pid)]
    assert urlsplit(url).hostname == "127.0.0.1"
    home = project.root / ".dev" / "postgres"
    assert (home / "data" / "PG_VERSION").exists()
    if home.is_symlink():  # as root, with a project where `nobody` may not go
        subprocess.run(["rm", "-r", os.path.realpath(home)], check=True)


def test_dev_with_sqlite_does_not_look_at_the_database_of_the_settings(project: MadeProject) -> None:
    project.settings["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/"
    with project.running("--db", "sqlite") as dev:
        dev.wait_for("shop listens")
    assert (project.root / ".dev" / "shop.db").exists()
