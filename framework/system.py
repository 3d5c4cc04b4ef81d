"""The system that the specs describe: every name resolved, every collection sorted, nothing left to decide.

This is the only thing that generators see. It holds no YAML, no paths of the machine and no text of a
target language; what a template asks of an object is an attribute here.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from framework.naming import kebab_case
from framework.types import EnumType, Scalar, ScalarType, Type, references


class ServiceType(StrEnum):
    """What a service is built on; decides which scaffold and which generated files it gets."""

    FASTAPI = "python-fastapi"
    FASTSTREAM = "python-faststream"
    TELEGRAM = "python-telegram"
    PYTHON = "python"
    NODE = "node"

    @property
    def is_python(self) -> bool:
        """Whether the service runs on the runtime of this framework."""
        return self is not ServiceType.NODE

    @property
    def is_application(self) -> bool:
        """Whether it is an ASGI application, which a server runs; the `main.py` of others runs itself."""
        return self in {ServiceType.FASTAPI, ServiceType.FASTSTREAM}


class ParamSource(StrEnum):
    """Where a parameter stands in an HTTP request."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


class ParamRole(StrEnum):
    """What a parameter is for that no `params:` names, but another key of the operation brings along."""

    LIMIT = "limit"
    CURSOR = "cursor"
    IF_MATCH = "if_match"
    IF_NONE_MATCH = "if_none_match"


class OperationKind(StrEnum):
    """The CQRS kind of an operation; it follows from the transports and is never written down."""

    QUERY = "query"
    COMMAND = "command"
    BACKGROUND = "background"


class Constraints(NamedTuple):
    """Limits of a value, named as in the specs; `None` where the spec says nothing."""

    ge: int | float | None = None
    gt: int | float | None = None
    le: int | float | None = None
    lt: int | float | None = None
    multiple_of: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    min_items: int | None = None
    max_items: int | None = None


NO_LIMITS = Constraints()
"""Those of a value of which the spec says nothing."""


class Field(NamedTuple):
    """One field of one schema, as that schema has it: variant rules are already applied.

    `required` says whether the key must be present, `nullable` whether its value may be null; all four
    combinations occur. `has_default` tells a default of null from no default.
    """

    name: str
    type: Type
    required: bool
    nullable: bool
    constraints: Constraints
    has_default: bool = False
    default: Any = None
    description: str = ""
    examples: tuple[Any, ...] = ()
    deprecated: bool = False


class Schema(NamedTuple):
    """A Pydantic class to be: a model (`User`) or one of its variants (`UserCreate`)."""

    name: str
    model: str
    variant: str | None
    description: str
    fields: tuple[Field, ...]


FAILURE = Schema(
    "OperationFailed",
    "OperationFailed",
    None,
    "An operation failed.",
    (
        *(
            Field(name, ScalarType(Scalar.STRING), required=True, nullable=False, constraints=NO_LIMITS)
            for name in ("operation", "code", "message")
        ),
        Field("event_id", ScalarType(Scalar.STRING), required=True, nullable=True, constraints=NO_LIMITS),
        Field("time", ScalarType(Scalar.DATETIME), required=True, nullable=False, constraints=NO_LIMITS),
    ),
)
"""The fields of the runtime's `OperationFailed`, as if a model had said them."""


class Enum(NamedTuple):
    """A named enumeration: `members` are pairs of Python name and string, in the order of the spec."""

    name: str
    members: tuple[tuple[str, str], ...]


class Event(NamedTuple):
    """An entry of the catalogue: `user.created` carries a `UserRead`, ordered by its field `id`."""

    name: str
    message: str
    description: str
    key: str | None
    external: bool = False
    retention: timedelta | None = None

    @property
    def is_kept_here(self) -> bool:
        """Whether its stream is ours to trim; another system's if the spec says how long."""
        return not self.external or self.retention is not None

    @property
    def function(self) -> str:
        """The name of the function that publishes it."""
        return "publish_" + self.identifier

    @property
    def constant(self) -> str:
        """The name of its definition in generated code."""
        return self.identifier.upper()

    @property
    def identifier(self) -> str:
        """What the names made from it have in common: `user_created`."""
        return self.name.replace(".", "_")


RUNTIME_ERRORS: Mapping[str, int] = {
    "NotFound": 404,
    "Conflict": 409,
    "PreconditionFailed": 412,
    "Invalid": 422,
}
"""The errors that come with the runtime, and their statuses."""


class Error(NamedTuple):
    """What a controller may raise to refuse an operation, and the status that REST answers."""

    name: str
    status: int

    @property
    def code(self) -> str:
        """Its stable name in answers and messages: `email-taken`."""
        return kebab_case(self.name)

    @property
    def is_of_runtime(self) -> bool:
        """Whether the runtime has it, so that no class is made."""
        return self.name in RUNTIME_ERRORS


class Param(NamedTuple):
    """A parameter of an operation besides its input."""

    name: str
    type: Type
    source: ParamSource
    required: bool
    nullable: bool
    constraints: Constraints
    has_default: bool = False
    default: Any = None
    description: str = ""
    role: ParamRole | None = None

    @property
    def wire_name(self) -> str:
        """The name in a request: that of a header has hyphens, `x-request-id`."""
        return self.name.replace("_", "-") if self.source is ParamSource.HEADER else self.name


class RestBinding(NamedTuple):
    """An operation on HTTP: `path` is whole, with the prefix of its domain."""

    method: str
    path: str
    status: int
    tags: tuple[str, ...]

    @property
    def is_safe(self) -> bool:
        """Safe in the sense of RFC 9110, section 9.2.1: asks for nothing to change."""
        return self.method in {"GET", "HEAD", "OPTIONS"}

    @property
    def is_idempotent(self) -> bool:
        """Idempotent in the sense of RFC 9110, section 9.2.2: may be sent again after a failure."""
        return self.is_safe or self.method in {"PUT", "DELETE"}


class Argument(NamedTuple):
    """How a field of a message is filled: from a parameter, `payload.<field>` or `result.<field>`."""

    field: str
    source: str


class Publication(NamedTuple):
    """An event that the mediator publishes after an operation succeeded.

    `arguments` is None where the operation's output is the message, else the message is built from them.
    """

    event: Event
    arguments: tuple[Argument, ...] | None = None


class EventBinding(NamedTuple):
    """An operation on events: what calls it, what it says afterwards.

    `retry` holds the times from each failure to the next try; it is empty where the spec says nothing.
    """

    subscribe: Event | None = None
    retry: tuple[timedelta, ...] = ()
    on_success: Publication | None = None
    on_error: Event | None = None


class ScheduleBinding(NamedTuple):
    """An operation on the clock.

    `times` is a cron expression, read in `timezone`, or the time from one run to the next.
    """

    times: str | timedelta
    timezone: str = "UTC"


class Pagination(NamedTuple):
    """The order in which a list is read page by page: no two items have the same values in `keys`."""

    keys: tuple[Field, ...]
    is_descending: bool


class Operation(NamedTuple):
    """One unit of business logic: a controller's method, whatever calls it."""

    name: str
    domain: str
    description: str
    input: Type | None
    output: Type | None
    params: tuple[Param, ...]
    rest: RestBinding | None
    events: EventBinding | None
    errors: tuple[Error, ...] = ()
    transaction: bool = True
    deprecated: bool = False
    publishes: tuple[Event, ...] = ()
    schedule: ScheduleBinding | None = None
    idempotent: bool = False
    pagination: Pagination | None = None
    versioned: bool = False

    @property
    def qualified_name(self) -> str:
        """The name within its service, as logs and the inbox know it."""
        return f"{self.domain}.{self.name}"

    @property
    def is_rest_only(self) -> bool:
        """Whether HTTP is its only transport, and nothing is published."""
        return self.rest is not None and self.events is None and self.schedule is None

    @property
    def is_event_only(self) -> bool:
        """Whether only events call it."""
        return self.rest is None and self.schedule is None

    @property
    def is_dual(self) -> bool:
        """Whether it has both HTTP and events."""
        return self.rest is not None and self.events is not None

    @property
    def kind(self) -> OperationKind:
        """Its CQRS kind: a query is asked over HTTP, safely, and publishes nothing."""
        if self.rest is None:
            return OperationKind.BACKGROUND
        return OperationKind.QUERY if self.is_rest_only and self.rest.is_safe else OperationKind.COMMAND

    @property
    def has_tag(self) -> bool:
        """Whether its answer carries the entity tag of a version."""
        return self.versioned and self.output is not None

    @property
    def subscription(self) -> Event | None:
        """The event that calls it, if one does."""
        return self.events.subscribe if self.events else None

    @property
    def retry(self) -> tuple[timedelta, ...]:
        """The times from each failure after an event or a tick to the next try, if the spec says so."""
        return self.events.retry if self.events else ()

    @property
    def on_success(self) -> Publication | None:
        """What is published after it succeeded, if anything."""
        return self.events.on_success if self.events else None

    @property
    def on_error(self) -> Event | None:
        """The event that tells of its failure, if one does."""
        return self.events.on_error if self.events else None


@dataclass(frozen=True, eq=False)
class Domain:
    """The operations of one file `services/<service>/spec/<domain>.yaml`, in the order of that file."""

    name: str
    source: str
    operations: tuple[Operation, ...]

    @cached_property
    def class_prefix(self) -> str:
        """What the names of its classes begin with: `Users`."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @cached_property
    def rest_operations(self) -> tuple[Operation, ...]:
        """Those that HTTP calls."""
        return tuple(operation for operation in self.operations if operation.rest)

    @cached_property
    def subscriptions(self) -> tuple[Operation, ...]:
        """Those that events call."""
        return tuple(operation for operation in self.operations if operation.subscription)

    @cached_property
    def scheduled_operations(self) -> tuple[Operation, ...]:
        """Those that the clock calls."""
        return tuple(operation for operation in self.operations if operation.schedule)


class Client(NamedTuple):
    """The operations of `target` that a service calls over HTTP."""

    target: str
    operations: tuple[Operation, ...]

    @property
    def class_name(self) -> str:
        """The name of the generated class."""
        return self._prefix + "Client"

    @property
    def settings_class(self) -> str:
        """The name of the generated settings, which say where the target is."""
        return self._prefix + "Settings"

    @property
    def setting(self) -> str:
        """The setting that tells where the target is; upper-cased, it is the environment variable."""
        return "api_base_url" if self.target == "backend" else f"{self.target}_api_base_url"

    @property
    def _prefix(self) -> str:
        return "".join(part.capitalize() for part in self.target.split("_"))


SERVERS = ("postgres", "redis")
"""What services depend on besides each other."""

CUSTOM_FILES: Mapping[str, str] = {
    "Dockerfile": "Dockerfile",
    "app": "src/generated/app.py",
    "migrations_env": "migrations/env.py",
}
"""What `custom:` may name: generated files of a service, by their paths in it."""


class Dependency(NamedTuple):
    """What must run before a service: another one, or a server; if `is_healthy`, it must be well, too."""

    name: str
    is_healthy: bool


class Resources(NamedTuple):
    """What one process of a service may use at most."""

    millicores: int
    """Thousandths of a processor core."""
    mebibytes: int


@dataclass(frozen=True, eq=False)
class Service:
    """A process of the system."""

    name: str
    type: ServiceType
    description: str
    database: bool
    port: int
    is_public: bool
    replicas: int
    resources: Resources
    profiles: tuple[str, ...]
    secrets: tuple[str, ...]
    depends_on: tuple[Dependency, ...]
    domains: tuple[Domain, ...]
    clients: tuple[Client, ...]
    publishes: tuple[Event, ...]
    custom: frozenset[str]
    internet: bool = False

    @cached_property
    def rest_domains(self) -> tuple[Domain, ...]:
        """The domains with operations that HTTP calls."""
        return tuple(domain for domain in self.domains if domain.rest_operations)

    @cached_property
    def event_domains(self) -> tuple[Domain, ...]:
        """The domains with operations that events call."""
        return tuple(domain for domain in self.domains if domain.subscriptions)

    @cached_property
    def scheduled_domains(self) -> tuple[Domain, ...]:
        """The domains with operations that the clock calls."""
        return tuple(domain for domain in self.domains if domain.scheduled_operations)

    @property
    def handles_events(self) -> bool:
        """Whether anything reaches it by way of the broker: events, or the ticks of its own clock."""
        return bool(self.event_domains or self.scheduled_domains)


@dataclass(frozen=True, eq=False)
class System:
    """Everything that the specs of a project say."""

    services: tuple[Service, ...]
    schemas: tuple[Schema, ...]
    enums: tuple[Enum, ...]
    events: tuple[Event, ...]
    errors: tuple[Error, ...]
    stream_prefix: str

    @cached_property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The schemas that each schema refers to, itself perhaps among them, in the order of its fields."""
        known = {schema.name for schema in self.schemas}
        return {schema.name: tuple(_referred(schema, known)) for schema in self.schemas}

    @cached_property
    def sent(self) -> Set[str]:
        """The names of the schemas and enums that the bodies of requests consist of."""
        domains = (domain for service in self.services for domain in service.rest_domains)
        bodies = (each.input for domain in domains for each in domain.rest_operations if each.input)
        return reachable((name for type_ in bodies for name in references(type_)), self.needs)

    @cached_property
    def members(self) -> Mapping[str, Mapping[str, str]]:
        """The name of each member of every enum, by its value."""
        return {enum.name: {value: name for name, value in enum.members} for enum in self.enums}

    @cached_property
    def speaks_of_failures(self) -> bool:
        """Whether an event carries the runtime's message on failures, or a type refers to it."""
        if any(event.message == FAILURE.name for event in self.events):
            return True
        domains = (domain for service in self.services for domain in service.domains)
        operations = (operation for domain in domains for operation in domain.operations)
        given = (type_ for each in operations for type_ in (each.input, each.output) if type_)
        fields = (field.type for schema in self.schemas for field in schema.fields)
        return any(FAILURE.name in references(type_) for type_ in (*given, *fields))


def reachable(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    """The names that paths lead to from those at the start, themselves among them."""
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(edges.get(name, ()))
    return found


_WITHOUT_SCHEMAS = (ScalarType, EnumType)
"""What most fields are: types that refer to no schema."""


def _referred(schema: Schema, known: set[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for type_ in [field.type for field in schema.fields if not isinstance(field.type, _WITHOUT_SCHEMAS)]:
        for name in references(type_):  # one at most, as every container holds one type
            if name in known:
                found[name] = None
    return found
