"""`services.yml`: which services there are, of which type, and who talks to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from framework.spec.base import EventNames, Name, Once, OperationNames, Prose, ServiceName, Spec

CustomFile = Literal["Dockerfile", "app", "migrations_env"]


class ServiceSpec(Spec):
    """One service."""

    unsupported_values: ClassVar[Mapping[str, frozenset[str]]] = {"type": frozenset({"python", "node"})}

    name: Name = Field(description="The name, and that of the folder under `services`.")
    type: Literal["python-fastapi", "python-faststream", "python-telegram"] = Field(
        description="What the service is built on."
    )
    description: Prose = Field("", description="What the service is for.")
    database: bool = Field(False, description="Whether it owns a database: sessions, migrations, outbox.")
    depends_on: dict[ServiceName, Literal["service_started", "service_healthy"]] = Field(
        {}, description="What must run before it: services of this file, `redis`, `postgres`."
    )
    calls: OperationNames = Field(
        (), description="Operations that it calls over HTTP: `billing.get_invoice`."
    )
    publishes: EventNames = Field((), description="Events that it publishes by hand, outside any operation.")
    port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Its HTTP port; from 8000 up if missing. A bot answers health checks there.",
    )
    internet: bool = Field(
        False, description="Whether it speaks to addresses outside the project, as a bot always does."
    )
    replicas: int = Field(1, ge=1, le=1_000, description="How many processes of it run.")
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
    events: EventSettings = Field(EventSettings(), description="How events travel.")
