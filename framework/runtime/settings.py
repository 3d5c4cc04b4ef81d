"""Settings from the environment and from files, and the words for what is missing there.

A setting that is a secret comes in production as a file of the folder `/run/secrets`, or of the one that
`SECRETS_DIR` names. The file is called as the variable would be, `TELEGRAM_BOT_TOKEN`, and holds the value. A
variable of the environment is stronger than a file; an empty one of either kind counts as not there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError

_DATABASE_URL: Final = re.compile(r"(postgres(ql)?(\+asyncpg)?://|sqlite(\+aiosqlite)?:///(?!:memory:).)")
_REDIS_URL: Final = re.compile(r"(rediss?|unix)://")


class Environment(StrEnum):
    """Where the service runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _database_url(url: str) -> str:
    if not _DATABASE_URL.match(url):
        raise ValueError("is no URL of a PostgreSQL database or an SQLite file")
    return url


def _redis_url(url: str) -> str:
    if not _REDIS_URL.match(url):
        raise ValueError("is no URL of a Redis server")
    return url


def _with_password(url: str, password: str) -> str:
    """Add the password to the URL of a database that names a user alone; any other is left as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    user, at, host = parts.netloc.rpartition("@")
    if not at or ":" in user:
        return url
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]

_DATABASE_HELP: Final = "Write postgresql://user:password@host/database, or sqlite:///path/to/file.db."
_REDIS_HELP: Final = "Write redis://host:6379/0."


_SECRETS: Final = "/run/secrets"
"""Where Docker and Compose put secrets."""


class _Unreadable(Exception):
    """A file of secrets cannot be read; the message says why."""


class _SecretFiles(SecretsSettingsSource):
    """As variables do, a file with nothing in it says nothing."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        try:
            value, key, is_complex = super().get_field_value(field, field_name)
        except OSError as error:
            raise _Unreadable(
                f"{error.filename}: {error.strerror}. The service must be able to read it."
            ) from error
        except UnicodeDecodeError as error:
            raise _Unreadable(
                f"{field_name.upper()}: its file in {self.secrets_dir} holds no text."
            ) from error
        return value or None, key, is_complex


class Settings(BaseSettings):
    """What is read from the environment and from the files of secrets.

    The description of a field says what to put there: it is shown when the variable is missing or wrong.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from, the strongest source first."""
        folder = Path(os.environ.get("SECRETS_DIR") or _SECRETS)
        if not folder.is_dir():
            return init_settings, env_settings
        return init_settings, env_settings, _SecretFiles(settings_cls, secrets_dir=folder)


class ServiceSettings(Settings):
    """What every service may be told; a service's own settings are a subclass."""

    environment: Environment = Field(
        Environment.DEVELOPMENT, description="Write development or production; development if left out."
    )
    database_url: DatabaseUrl | None = Field(None, description=_DATABASE_HELP)
    database_password: SecretStr | None = Field(
        None, description="Write the password of the user in DATABASE_URL, if it stands not there."
    )
    redis_url: RedisUrl | None = Field(None, description=_REDIS_HELP)

    @model_validator(mode="before")
    @classmethod
    def _complete_database_url(cls, values: dict[str, Any]) -> dict[str, Any]:
        url, password = values.get("database_url"), values.get("database_password")
        if isinstance(url, str) and isinstance(password, str):
            return {**values, "database_url": _with_password(url, password)}
        return values

    @property
    def is_production(self) -> bool:
        """Whether real users depend on it."""
        return self.environment is Environment.PRODUCTION


class DatabaseSettings(ServiceSettings):
    """The settings of a service that owns a database."""

    database_url: DatabaseUrl = Field(description=_DATABASE_HELP)
    database_pool_size: int = Field(
        10,
        ge=1,
        description="Write how many connections to PostgreSQL a process keeps for queries, and for the rest.",
    )


class BrokerSettings(ServiceSettings):
    """The settings of a service that publishes or handles events."""

    redis_url: RedisUrl = Field(description=_REDIS_HELP)


S = TypeVar("S", bound=BaseSettings)


def load(settings_class: type[S]) -> S:
    """Read the settings.

    Raises:
        SystemExit: a variable is missing or malformed; each is told on standard error in a line of its own,
            with what to put there and without its value.
    """
    try:
        return settings_class()
    except ValidationError as error:
        complaints = list(_complaints(settings_class, error))
    except SettingsError as error:
        complaints = [str(error.__cause__ if isinstance(error.__cause__, _Unreadable) else error)]
    sys.stderr.write("".join(f"{complaint}\n" for complaint in complaints))
    raise SystemExit(1)


def _complaints(settings_class: type[BaseSettings], error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        name, field = _variable(settings_class, problem["loc"])
        what = "is not set" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        what = what[0].lower() + what[1:]
        yield " ".join(filter(None, (f"{name}: {what}.", field.description if field else None)))


def _variable(settings_class: type[BaseSettings], place: tuple[Any, ...]) -> tuple[str, FieldInfo | None]:
    """Find the environment variable of the place that a validation error names, and its field."""
    if not place:
        return settings_class.__name__, None
    first = str(place[0])
    prefix = settings_class.model_config.get("env_prefix", "")
    for name, field in settings_class.model_fields.items():
        if first in {name, field.alias, field.validation_alias}:
            variable = first if first != name else prefix + name
            return variable.upper(), field
    return first.upper(), None
