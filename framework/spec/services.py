"""`services.yml`: which services there are, of which type, and who talks to whom."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, NamedTuple

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from framework.spec.base import EventNames, Name, Once, OperationNames, Prose, ServiceName, Spec

CustomFile = Literal["Dockerfile", "app", "migrations_env"]


class WrittenLike(NamedTuple):
    """Lets through the texts of a pattern, and says of others, in `words`, how they are written."""

    pattern: str
    words: str

    def __call__(self, value: object) -> str:
        """The value, if it is a text of the pattern."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise PydanticCustomError("form", "{words}", {"words": self.words})
        return value


_MEMORY: Final = r"[1-9][0-9]{0,5}(Mi|Gi)"
_PROFILE: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]{1,62}"
_VARIABLE: Final = r"[A-Z][A-Z0-9_]{0,62}"

Memory = Annotated[
    str,
    PlainValidator(WrittenLike(_MEMORY, "memory is written like 512Mi or 2Gi")),
    WithJsonSchema({"type": "string", "pattern": f"^{_MEMORY}$"}),
]
"""An amount of memory such as `512Mi` or `2Gi`."""

Profile = Annotated[
    str,
    PlainValidator(WrittenLike(_PROFILE, "a profile has two or more letters, digits, dots and hyphens")),
    WithJsonSchema({"type": "string", "pattern": f"^{_PROFILE}$"}),
]
"""The name of a profile of Compose."""

Variable = Annotated[
    str,
    PlainValidator(WrittenLike(_VARIABLE, "a setting is written like TELEGRAM_BOT_TOKEN")),
    WithJsonSchema({"type": "string", "pattern": f"^{_VARIABLE}$"}),
]
"""The name of an environment variable."""


class ResourcesSpec(Spec):
    """What one process of a service may use; what is left out follows from the type of the service."""

    cpu: float | None = Field(None, ge=0.01, le=256, description="Processor cores at most, such as 0.5.")
    memory: Memory | None = Field(None, description="Memory at most, such as 512Mi or 2Gi.")


class ServiceSpec(Spec):
    """One service."""

    name: Name = Field(description="The name, and that of the folder under `services`.")
    type: Literal["python-fastapi", "python-faststream", "python-telegram", "python", "node"] = Field(
        description="What the service is built on."
    )
    description: Prose = Field("", description="What the service is for.")
    database: bool = Field(False, description="Whether it owns a database: sessions, migrations, outbox.")
    depends_on: dict[ServiceName, Literal["service_started", "service_healthy"]] = Field(
        default_factory=dict,
        description="What must run before it: services of this file, `redis`, `postgres`.",
    )
    calls: OperationNames = Field(
        (),
        description="Operations that it calls over HTTP: `billing.get_invoice`; of a node service also "
        "services alone, for routes that no spec describes.",
    )
    publishes: EventNames = Field((), description="Events that it publishes by hand, outside any operation.")
    port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Its port, for HTTP or for health checks alone; from 8000 up if missing.",
    )
    internet: bool = Field(
        False, description="Whether it speaks to addresses outside the project, as a bot always does."
    )
    public: bool = Field(False, description="Whether its port is published in production.")
    replicas: int = Field(1, ge=1, le=1_000, description="How many processes of it run.")
    resources: ResourcesSpec = Field(
        ResourcesSpec.model_construct(), description="What one process of it may use."
    )
    profiles: Annotated[tuple[Profile, ...], Field(strict=False), Once] = Field(
        (), description="Profiles of Compose that it starts with; without one it always starts."
    )
    secrets: Annotated[tuple[Variable, ...], Field(strict=False), Once] = Field(
        (), description="Settings that come as files in production, and never in the environment."
    )
    custom: Annotated[
        tuple[Literal["Dockerfile", "app", "migrations_env"], ...], Field(strict=False), Once
    ] = Field((), description="Generated files of the service that were taken over by hand.")


class EventSettings(Spec):
    """How events travel."""

    unsupported_values: ClassVar[Mapping[str, frozenset[str]]] = {
        "broker": frozenset({"kafka", "nats", "rabbitmq"})
    }

    broker: Literal["redis"] = Field("redis", description="The broker.")
    stream_prefix: str = Field(
        "", max_length=100, pattern=r"^[A-Za-z0-9_.:-]*$", description="Put before the names of streams."
    )


class ServicesFile(Spec):
    """The services of the project."""

    version: Literal[2] = Field(description="The version of this format, which is 2.")
    services: Annotated[tuple[ServiceSpec, ...], Field(strict=False)] = Field(description="The services.")
    events: EventSettings = Field(EventSettings.model_construct(), description="How events travel.")
