"""Settings from the environment, and the words for what is missing there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
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


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]

_DATABASE_HELP: Final = "Write postgresql://user:password@host/database, or sqlite:///path/to/file.db."
_REDIS_HELP: Final = "Write redis://host:6379/0."


class ServiceSettings(BaseSettings):
    """What every service may be told by its environment; a service's own settings are a subclass.

    The description of a field says what to put there: it is shown when the variable is missing or wrong.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    environment: Environment = Field(
        Environment.DEVELOPMENT, description="Write development or production; development if left out."
    )
    database_url: DatabaseUrl | None = Field(None, description=_DATABASE_HELP)
    redis_url: RedisUrl | None = Field(None, description=_REDIS_HELP)

    @property
    def is_production(self) -> bool:
        """Whether real users depend on it."""
        return self.environment is Environment.PRODUCTION


class DatabaseSettings(ServiceSettings):
    """The settings of a service that owns a database."""

    database_url: DatabaseUrl = Field(description=_DATABASE_HELP)


class BrokerSettings(ServiceSettings):
    """The settings of a service that publishes or handles events."""

    redis_url: RedisUrl = Field(description=_REDIS_HELP)


S = TypeVar("S", bound=BaseSettings)


def load(settings_class: type[S]) -> S:
    """Read the settings from the environment.

    Raises:
        SystemExit: a variable is missing or malformed; each is told on standard error in a line of its own,
            with what to put there and without its value.
    """
    try:
        return settings_class()
    except ValidationError as error:
        complaints = list(_complaints(settings_class, error))
    except SettingsError as error:
        complaints = [str(error)]
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
