"""The migrations of a deployed service: a process that ends when the database is up to date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from framework.runtime.migrate_process import main
from framework.runtime.tables import metadata

ENV = """
from sqlalchemy import MetaData

from framework.runtime.migrate import run_service_migrations

run_service_migrations(MetaData())
"""
NOTES = """
from alembic import op
import sqlalchemy as sa

revision, down_revision = "0001", None


def upgrade() -> None:
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an image, where the process runs."""
    versions = tmp_path / "services" / "archive" / "migrations" / "versions"
    versions.mkdir(parents=True)
    versions.with_name("env.py").write_text(ENV)
    (versions / "0001_notes.py").write_text(NOTES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tables_of_the_runtime_and_of_the_service_are_made(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{project / 'archive.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LOG_FORMAT", "json")
    for _ in range(2):
        main(["archive"])
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = [line for line in lines if line["message"] == "the database is up to date"]
    assert [line["service"] for line in told] == ["archive"] * 2
    engine = create_engine(url)
    assert {"notes", *metadata.tables} <= set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Which service?"),
        (["press"], "There are no migrations of a service 'press' here."),
    ],
)
def test_what_is_wrong_is_told_in_a_line(arguments: list[str], words: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert str(end.value).startswith(words)
    assert len(str(end.value).splitlines()) == 1


def test_a_database_that_is_not_there_is_told_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1:1/archive")
    with pytest.raises(SystemExit) as end:
        main(["archive"])
    assert end.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "archive" in line
    assert "the database could not be migrated: " in line
