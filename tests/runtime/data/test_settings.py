"""What is missing or wrong in the environment is named, with what to put there and without its value."""

from __future__ import annotations

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

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
    for name in ("DATABASE_URL", "REDIS_URL", "ENVIRONMENT"):
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
