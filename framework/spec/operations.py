"""`services/<service>/spec/<domain>.yaml`: the operations of a domain and their transports."""

from datetime import timedelta
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from framework.spec.base import (
    Constrained,
    Duration,
    ErrorName,
    EventName,
    EventNames,
    Name,
    Names,
    Prose,
    SchemaName,
    Spec,
    TypeText,
)
from framework.spec.forms import LONGEST_DELAY, SHORTEST_DISTANCE

Path = Annotated[str, Field(max_length=500)]

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
METHODS: tuple[str, ...] = get_args(Method)


class ParamSpec(Constrained):
    """A parameter besides the input."""

    name: Name = Field(
        description="The name in the request, where a header has hyphens, and of the controller's argument."
    )
    type: TypeText = Field(description="The type of the value.")
    source: Literal["path", "query", "header", "cookie"] | None = Field(
        None, description="Where it stands; if not said: `path` if the path names it, else `query`."
    )
    default: JsonValue = Field(None, description="The value when it is not given.")
    required: bool | None = Field(
        None, description="Whether it must be given; if not said: when it has no default."
    )
    description: Prose = Field("", description="What the parameter means.")


class RestConfig(Spec):
    """An operation on HTTP."""

    method: Method = Field(description="The HTTP method.")
    path: Path = Field("", description="The path after the domain's prefix, such as `/{user_id}`.")
    status: int | None = Field(
        None, ge=200, le=299, description="The status of success: 200 if not said, 204 without output."
    )


def _short(delay: timedelta) -> timedelta:
    if delay > LONGEST_DELAY:
        raise PydanticCustomError("delay", "a delay is at most 1d")
    return delay


Delay = Annotated[Duration, AfterValidator(_short)]


class RetryConfig(Spec):
    """What happens when a handler fails."""

    delays: Annotated[tuple[Delay, ...], Field(strict=False, min_length=1, max_length=10)] = Field(
        description="The times from each failure to the next try, such as `[1s, 5s, 30s]`."
    )


class EventsConfig(Spec):
    """An operation on events."""

    subscribe: EventName | None = Field(None, description="The event that calls the operation.")
    publish_on_success: EventName | None = Field(None, description="The event that tells of its success.")
    publish_on_error: EventName | None = Field(
        None, description="The event that tells of its failure; it carries an `OperationFailed`."
    )
    message_model: SchemaName | None = Field(
        None,
        description="The message of `publish_on_success`, when that is not the output: it is filled by name.",
    )
    retry: RetryConfig | None = Field(
        None,
        description="When a failed `subscribe` or `schedule` is tried again, if not after 1s, 5s and 30s.",
    )


def _distinct(distance: timedelta) -> timedelta:
    if distance < SHORTEST_DISTANCE:
        raise PydanticCustomError("distance", "runs are at least 1s apart")
    return distance


class ScheduleConfig(Spec):
    """An operation on the clock: all replicas together run it once each time; of times missed, the last."""

    cron: Annotated[str, Field(max_length=200)] | None = Field(
        None,
        description="The times as a cron expression, quoted: minute, hour, day of month, month, day of week.",
    )
    every: Annotated[Duration, AfterValidator(_distinct)] | None = Field(
        None, description="The time from one run to the next, such as `30s`; counted from 1970 in UTC."
    )
    timezone: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="The zone of `cron`, such as `Europe/Berlin`; UTC if not said."
    )


class PaginateConfig(Spec):
    """A list that is answered page by page."""

    key: Name = Field(
        description="The field of the items by which they are ordered; `-created_at` for the newest first."
    )
    then: Name | None = Field(
        None,
        description="The field that decides between items with equal keys, and that no two items share; "
        "`id` if not said. It is the key again where that is never equal.",
    )
    max: int = Field(
        100, ge=1, le=1_000, description="The most items that a client may ask for at once: 100 if not said."
    )
    default: int | None = Field(
        None, ge=1, le=1_000, description="The most items if the client does not say: 20, or `max` if less."
    )


class OperationSpec(Spec):
    """One unit of business logic and the transports on which it is called."""

    description: Prose = Field("", description="What the operation does.")
    input: TypeText | None = Field(None, description="The type of the body or of the event's message.")
    output: TypeText | None = Field(None, description="The type of the answer.")
    params: Annotated[tuple[ParamSpec, ...], Field(strict=False)] = Field(
        (), description="Parameters besides the input."
    )
    rest: RestConfig | None = Field(None, description="The operation on HTTP.")
    events: EventsConfig | None = Field(None, description="The operation on events.")
    schedule: ScheduleConfig | None = Field(
        None, description="The operation on the clock; what it takes must have defaults."
    )
    paginate: PaginateConfig | None = Field(
        None,
        description="The list is answered in pages: `limit` and `cursor` are parameters, and the answer "
        "has `items` and `next_cursor`.",
    )
    versioned: bool = Field(
        False,
        description="Answers carry the `version` of the output as ETag; a read is answered 304 to those who "
        "have it, and what changes something needs If-Match.",
    )
    errors: dict[ErrorName, Annotated[int, Field(ge=400, le=599)]] = Field(
        default_factory=dict,
        description="What the controller may raise, and the status that REST answers: `EmailTaken: 409`. "
        "`NotFound: 404`, `Conflict: 409` and `Invalid: 422` come with the runtime.",
    )
    publishes: EventNames = Field((), description="Events that the controller publishes itself, by hand.")
    deprecated: bool = Field(False, description="OpenAPI, client and log say so.")
    transaction: bool = Field(
        True, description="Whether the controller gets a session; false for calls to the outside world."
    )
    idempotent: bool = Field(
        False,
        description="Whether requests may carry an `Idempotency-Key`: repeated under it, one takes effect "
        "once and is answered as it was.",
    )


class RestDefaults(Spec):
    """What the REST operations of a domain have in common."""

    prefix: Path = Field("", description="What their paths begin with, such as `/users`.")
    tags: Names = Field((), description="Their tags in OpenAPI; the domain's name if not said.")


class DomainConfig(Spec):
    """Settings of a domain."""

    rest: RestDefaults = Field(RestDefaults.model_construct(), description="Settings of its REST operations.")


class DomainFile(Spec):
    """The operations of one domain of one service."""

    domain: Name = Field(description="The name of the domain, and of the file.")
    config: DomainConfig = Field(DomainConfig.model_construct(), description="Settings of the domain.")
    operations: dict[Name, OperationSpec] = Field(description="The operations by name.")
