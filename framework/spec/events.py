"""`shared/spec/events.yaml` and `shared/spec/events/*.yaml`: the catalogue of events."""

from typing import Literal

from pydantic import Field

from framework.spec.base import Duration, Name, Prose, SchemaName, Spec


class EventSpec(Spec):
    """One event: what it carries and how it is ordered."""

    message: SchemaName = Field(description="The model or variant that the event carries.")
    description: Prose = Field("", description="What has happened when the event is published.")
    key: Name | None = Field(
        None, description="The field whose value orders the event: one key's events keep their order."
    )
    kind: Literal["state_transfer", "notification"] | None = Field(
        None,
        description="What it promises, which is checked: `notification` carries identifiers and times only, "
        "`state_transfer` the whole state of what its key names.",
    )
    retention: Duration | None = Field(
        None, description="How long the stream keeps what every group has handled: `30d`; 72h if not said."
    )
    external: bool = Field(False, description="Published by a system outside this project.")


class EventsFile(Spec):
    """A file of events; all such files share one name space."""

    events: dict[Name, EventSpec] = Field(description="The events by name: `<entity>.<action>`.")
