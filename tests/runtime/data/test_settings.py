"""What is missing or wrong in the environment is named, with what to put there and without its value."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict
from sqlalchemy import make_url

from framework.runtime.operations.port import OperationsSettings
from framework.runtime.settings import BrokerSettings, DatabaseSettings, Environment, ServiceSettings, load


class MailSettings(ServiceSettings):
    """The settings of some service."""

    mail_token: SecretStr = Field(min_length=8, description="Write the token of the mail provider.")
    mail_limit: int = Field(10, description="Write how many mails go out per minute.")
    mail_headers: dict[str, str] = Field({}, description="Write a JSON object.")
    sender: str = Field("nobody", validation_alias="MAIL_FROM", min_length=3, description="Write an address.")


class PrefixedSettings(ServiceSettings):
    """Settings with names of their own."""

    model_config = SettingsConfigDict(env_prefix="SHOP_")

    currency: str = Field(description="Write a code such as EUR.")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_PASSWORD", "DATABASE_URL", "REDIS_URL", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


def complaints(settings_class: type[ServiceSettings], capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as caught:
        load(settings_class)
    assert caught.value.code == 1
    return capsys.readouterr().err.splitlines()


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("MAIL_TOKEN", "12345678")
    monkeypatch.setenv("MAIL_FROM", "me@here")
    settings = load(MailSettings)
    assert settings.environment is Environment.PRODUCTION
    assert settings.is_production
    assert (settings.mail_token.get_secret_value(), settings.sender) == ("12345678", "me@here")
    assert settings.database_url is None


def test_every_mistake_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAIL_LIMIT", "many")
    monkeypatch.setenv("MAIL_FROM", "x")
    monkeypatch.setenv("ENVIRONMENT", "staging")
    assert sorted(complaints(MailSettings, capsys)) == [
        "ENVIRONMENT: input should be 'development' or 'production'. "
        "Write development or production; development if left out.",
        "MAIL_FROM: string should have at least 3 characters. Write an address.",
        "MAIL_LIMIT: input should be a valid integer, unable to parse string as an integer. "
        "Write how many mails go out per minute.",
        "MAIL_TOKEN: is not set. Write the token of the mail provider.",
    ]


def test_an_empty_variable_is_a_missing_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAIL_TOKEN", "")
    assert complaints(MailSettings, capsys) == [
        "MAIL_TOKEN: is not set. Write the token of the mail provider."
    ]


def test_a_value_is_never_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MAIL_TOKEN", "hidden")
    monkeypatch.setenv("MAIL_HEADERS", "hidden{")
    monkeypatch.setenv("DATABASE_URL", "mysql://hidden@host/db")
    for settings_class in (MailSettings, DatabaseSettings):
        assert not any("hidden" in line for line in complaints(settings_class, capsys))
    monkeypatch.setenv("MAIL_HEADERS", "{}")
    (line, *_) = complaints(MailSettings, capsys)
    assert line.startswith(
        "DATABASE_URL: is no URL of a PostgreSQL database or an SQLite file. Write postgresql://"
    )


def test_a_prefix_stands_in_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert complaints(PrefixedSettings, capsys) == ["SHOP_CURRENCY: is not set. Write a code such as EUR."]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///",
        "mysql://host/db",
        "postgresql+psycopg://host/db",
        "host/db",
        "oracle://x?y=postgresql://",
    ],
)
def test_databases_that_are_not_supported_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    (line,) = complaints(DatabaseSettings, capsys)
    assert line.startswith("DATABASE_URL: is no URL of")


def test_a_broker_needs_redis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert complaints(BrokerSettings, capsys) == ["REDIS_URL: is not set. Write redis://host:6379/0."]
    monkeypatch.setenv("REDIS_URL", "localhost:6379")
    assert complaints(BrokerSettings, capsys) == [
        "REDIS_URL: is no URL of a Redis server. Write redis://host:6379/0."
    ]


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of secrets."""
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_secret_is_read_from_its_file(secrets: Path) -> None:
    secrets.joinpath("MAIL_TOKEN").write_text("12345678\n")
    secrets.joinpath("MAIL_FROM").write_text("me@here")
    settings = load(MailSettings)
    assert (settings.mail_token.get_secret_value(), settings.sender) == ("12345678", "me@here")


def test_settings_of_every_kind_may_be_secrets(secrets: Path) -> None:
    secrets.joinpath("ADMIN_TOKEN").write_text("0123456789")
    secrets.joinpath("SHOP_CURRENCY").write_text("EUR")
    token = load(OperationsSettings).admin_token
    assert token is not None
    assert token.get_secret_value() == "0123456789"
    assert load(PrefixedSettings).currency == "EUR"


def test_the_environment_is_stronger_than_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.joinpath("SHOP_CURRENCY").write_text("EUR")
    monkeypatch.setenv("SHOP_CURRENCY", "CHF")
    assert load(PrefixedSettings).currency == "CHF"
    monkeypatch.setenv("SHOP_CURRENCY", "")
    assert load(PrefixedSettings).currency == "EUR"


def test_an_empty_file_is_a_missing_one(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.joinpath("MAIL_TOKEN").write_text("\n")
    secrets.joinpath("MAIL_LIMIT").touch()
    assert complaints(MailSettings, capsys) == [
        "MAIL_TOKEN: is not set. Write the token of the mail provider."
    ]


def test_what_a_file_says_is_not_shown(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.joinpath("MAIL_TOKEN").write_text("hidden")
    (line,) = complaints(MailSettings, capsys)
    assert line.startswith("MAIL_TOKEN: ")
    assert "hidden" not in line


def test_a_file_that_is_no_text_is_told(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.joinpath("MAIL_TOKEN").write_bytes(b"\xff\xfe")
    (line,) = complaints(MailSettings, capsys)
    assert line == f"MAIL_TOKEN: its file in {secrets} holds no text."


def test_a_file_that_may_not_be_read_is_told(
    secrets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = secrets / "MAIL_TOKEN"
    path.touch()

    def refuse(*_: Any, **__: Any) -> str:  # root may read everything
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    assert complaints(MailSettings, capsys) == [
        f"{path}: Permission denied. The service must be able to read it."
    ]


def test_without_the_folder_there_are_no_secrets(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(secrets / "none"))
    assert load(ServiceSettings).database_url is None


@pytest.mark.parametrize(
    ("url", "complete"),
    [
        ("postgresql://app@host:5432/app", "postgresql://app:p%40%2F%3A%25@host:5432/app"),
        ("postgresql://app@/app?host=/sockets", "postgresql://app:p%40%2F%3A%25@/app?host=/sockets"),
        ("postgresql://app:own@host/app", "postgresql://app:own@host/app"),
        ("postgresql://host/app", "postgresql://host/app"),
        ("sqlite:////data/app.db", "sqlite:////data/app.db"),
    ],
)
def test_a_password_completes_the_url_of_the_database(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, url: str, complete: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    secrets.joinpath("DATABASE_PASSWORD").write_text("p@/:%\n")
    assert load(DatabaseSettings).database_url == complete
    assert (make_url(complete).password or "p@/:%") in {"own", "p@/:%"}
