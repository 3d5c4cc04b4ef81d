"""Events of operations: what calls them, what they publish, and how the messages are filled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from framework.naming import NameKind
from framework.resolve.constraints import missing_limits
from framework.resolve.scope import OPERATION_FAILED, Scope, split_null
from framework.resolve.site import Site
from framework.source import Spot
from framework.system import Argument, Event, EventBinding, Field, Param, Publication, Schema
from framework.types import SchemaType, Type

if TYPE_CHECKING:
    from framework.spec.operations import EventsConfig


class Given(NamedTuple):
    """What an operation has when it publishes; `None` for an input or output that it does not have.

    `is_whole` says that input and output are what the spec names, and not missing because of a mistake there.
    """

    params: tuple[Param, ...]
    input: Type | None
    output: Type | None
    is_whole: bool


class Catalogue(NamedTuple):
    """The events and the schemas that they carry, by name."""

    events: dict[str, Event]
    schemas: dict[str, Schema]

    def event(self, name: str, spot: Spot, scope: Scope) -> Event | None:
        """The event of a name; None, with a diagnostic, if there is none."""
        if event := self.events.get(name):
            return event
        if not (scope.specs.may_have("events", name) or scope.is_misnamed(NameKind.EVENT, name)):
            hint = scope.diagnostics.did_you_mean(name, self.events) or "name it in shared/spec/events.yaml"
            scope.diagnostics.add("unknown-event", spot.place, f"no event {name!r}", hint=hint)
        return None


def resolve_binding(
    site: Site, spec: EventsConfig, given: Given, catalogue: Catalogue, scope: Scope
) -> EventBinding:
    """The events of an operation."""
    spot = site.spot / "events"
    if spec.message_model is not None:
        _check_override(spec, spot, catalogue, scope)
    is_called = spec.subscribe or site.spec.schedule
    if spec.retry and not is_called and not site.may_have("schedule"):
        message = "only what an event or the clock calls is tried again, and here is neither"
        scope.diagnostics.add("bad-retry", (spot / "retry").key, message)
    if spec.subscribe is not None:
        _check_loop(site, spec, scope)
    return EventBinding(
        subscribe=_subscription(site, spec, given, catalogue, scope),
        retry=spec.retry.delays if spec.retry else (),
        on_success=_success(spec, spot, given, catalogue, scope),
        on_error=_failure(spec, spot, catalogue, scope),
    )


def _check_loop(site: Site, spec: EventsConfig, scope: Scope) -> None:
    """An operation that publishes the event which calls it would call itself without end."""
    spot = site.spot / "events"
    published = [(spot / key, getattr(spec, key)) for key in ("publish_on_success", "publish_on_error")]
    published += [(site.spot / "publishes" / index, name) for index, name in enumerate(site.spec.publishes)]
    for place, name in published:
        if name == spec.subscribe:
            message = f"{site.name!r} would handle what it publishes, and publish it again, without end"
            hint = "publish another event, or leave it to another operation"
            related = (spot / "subscribe").place
            scope.diagnostics.add("event-loop", place.place, message, hint=hint, related=related)


def _subscription(
    site: Site, spec: EventsConfig, given: Given, catalogue: Catalogue, scope: Scope
) -> Event | None:
    if spec.subscribe is None:
        return None
    spot = site.spot / "events" / "subscribe"
    event = catalogue.event(spec.subscribe, spot, scope)
    if site.spec.input is None and not site.spot.may_have("input"):
        hint = f"write input: {event.message}" if event else ""
        message = f"{site.name!r} takes no input, and an event brings a message"
        scope.diagnostics.add("missing-input", spot.place, message, hint=hint)
    elif (
        event and event.message in catalogue.schemas and given.input not in {None, SchemaType(event.message)}
    ):
        message = f"{event.name} brings {event.message}, and the input is {site.spec.input}"
        related = (site.spot / "input").place
        scope.diagnostics.add("message-mismatch", spot.place, message, related=related, note="the input")
    for param in given.params:
        if param.required and not site.spot.may_have("params"):
            message = f"an event brings no value for the parameter {param.name!r}"
            related = site.param_spot(param.name).place
            hint = "give it a default"
            scope.diagnostics.add(
                "unfilled-param", spot.place, message, hint=hint, related=related, note="the parameter"
            )
    return event


def _success(
    spec: EventsConfig, spot: Spot, given: Given, catalogue: Catalogue, scope: Scope
) -> Publication | None:
    if spec.publish_on_success is None:
        return None
    spot = spot / "publish_on_success"
    event = catalogue.event(spec.publish_on_success, spot, scope)
    if event is None or event.message not in catalogue.schemas:
        return None
    if given.output == SchemaType(event.message):
        return Publication(event)
    if not given.is_whole:
        return None
    if given.output is not None and spec.message_model is None:
        message = f"{event.name} carries {event.message}, and that is not the output"
        hint = f"write message_model: {event.message} to have it filled by name"
        output = (spot.parent.parent / "output").place
        scope.diagnostics.add(
            "message-mismatch", spot.place, message, hint=hint, related=output, note="the output"
        )
        return None
    arguments = tuple(_arguments(event, given, catalogue))
    _check_filled(event, arguments, given, catalogue, spot, scope)
    return Publication(event, arguments)


def _failure(spec: EventsConfig, spot: Spot, catalogue: Catalogue, scope: Scope) -> Event | None:
    if spec.publish_on_error is None:
        return None
    spot = spot / "publish_on_error"
    event = catalogue.event(spec.publish_on_error, spot, scope)
    if event and event.message in catalogue.schemas and event.message != OPERATION_FAILED:
        message = f"a failure is told by {OPERATION_FAILED}, and {event.name} carries {event.message}"
        hint = f"write message: {OPERATION_FAILED} where the event is defined"
        scope.diagnostics.add("message-mismatch", spot.place, message, hint=hint)
    return event


def _check_override(spec: EventsConfig, events: Spot, catalogue: Catalogue, scope: Scope) -> None:
    """`message_model` says again what the catalogue says, where that is not the operation's output."""
    name, spot = spec.message_model or "", events / "message_model"
    if scope.schema(name, events, "message_model") is None or events.may_have("publish_on_success"):
        return
    if spec.publish_on_success is None:
        message = "message_model belongs to publish_on_success, which is not here"
        scope.diagnostics.add("message-mismatch", spot.key, message)
    elif (
        (event := catalogue.events.get(spec.publish_on_success))
        and event.message in catalogue.schemas
        and event.message != name
    ):
        message = f"{event.name} carries {event.message}"
        scope.diagnostics.add("message-mismatch", spot.place, message, hint=f"write {event.message}")


def _arguments(event: Event, given: Given, catalogue: Catalogue) -> Iterator[Argument]:
    """How each field of the message is filled: by name from the parameters, the input and the output."""
    sources = list(_sources(given, catalogue))
    for field in catalogue.schemas[event.message].fields:
        named = ((path, source) for path, source in sources if source.name == field.name)
        if path := next((path for path, source in named if _fits(source, field)), None):
            yield Argument(field.name, path)


def _check_filled(
    event: Event,
    arguments: tuple[Argument, ...],
    given: Given,
    catalogue: Catalogue,
    spot: Spot,
    scope: Scope,
) -> None:
    filled = {argument.field for argument in arguments}
    message_type = SchemaType(event.message)
    types = [type_ for type_ in (message_type, given.input, given.output) if isinstance(type_, SchemaType)]
    models = {catalogue.schemas[type_.name].model for type_ in types if type_.name in catalogue.schemas}
    filled |= {field for model, field in scope.unread if model in models}
    fields = catalogue.schemas[event.message].fields
    for field in fields:
        _check_limits(field, arguments, given, catalogue, spot, scope)
    empty = [repr(field.name) for field in fields if field.required and field.name not in filled]
    if empty:
        message = f"nothing here fills {', '.join(empty)} of {event.message}"
        hint = "the output, the params and the input have no such field of its type"
        scope.diagnostics.add("unfilled-message", spot.place, message, hint=hint)


def _check_limits(
    field: Field,
    arguments: tuple[Argument, ...],
    given: Given,
    catalogue: Catalogue,
    spot: Spot,
    scope: Scope,
) -> None:
    """What fills a field must keep to its limits, or a request that does not would fail at the end."""
    path = next((argument.source for argument in arguments if argument.field == field.name), None)
    source = next((source for name, source in _sources(given, catalogue) if name == path), None)
    missing = missing_limits(source.constraints, field.constraints) if source else {}
    if missing:
        message = f"{path!r} need not keep to the limits of the field {field.name!r} that it fills"
        hint = f"give it {', '.join(f'{name}: {limit}' for name, limit in missing.items())}, too"
        scope.diagnostics.add("unfilled-message", spot.place, message, hint=hint)


def _sources(given: Given, catalogue: Catalogue) -> Iterator[tuple[str, Param | Field]]:
    for param in given.params:
        yield param.name, param
    for prefix, type_ in (("payload", given.input), ("result", given.output)):
        if isinstance(type_, SchemaType) and type_.name in catalogue.schemas:
            for field in catalogue.schemas[type_.name].fields:
                yield f"{prefix}.{field.name}", field


def _fits(source: Param | Field, target: Field) -> bool:
    """Whether the value of a source can always stand in a field of a message."""
    may_be_null = source.nullable or not (source.required or source.has_default)
    return split_null(source.type)[0] == target.type and (target.nullable or not may_be_null)
