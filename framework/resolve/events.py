"""The catalogue of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.naming import NameKind, event_identifier
from framework.resolve.scope import Scope
from framework.source import Spot
from framework.system import Event, Field, Schema
from framework.types import EnumType, Scalar, ScalarType

if TYPE_CHECKING:
    from framework.spec.events import EventSpec

_UNORDERED = frozenset({Scalar.JSON, Scalar.BYTES, Scalar.FLOAT})
_TIMES = frozenset({Scalar.DATE, Scalar.TIME, Scalar.DATETIME})


def resolve_events(schemas: dict[str, Schema], scope: Scope) -> dict[str, Event]:
    """The events of all files by name."""
    events: dict[str, Event] = {}
    spots: dict[str, Spot] = {}
    for loaded in scope.specs.events:
        holder = loaded.spot / "events"
        for name, spec in loaded.spec.events.items():
            spot = holder / name
            if scope.named(NameKind.EVENT, name, spot):
                _advise(name, spot, scope)
            event = _resolve_event(name, spec, spot, schemas, scope)
            if (first := spots.setdefault(event.identifier, spot)) is not spot:
                message = f"{event.function} would be made from two events"
                scope.diagnostics.add("duplicate-name", spot.key, message, related=first.key)
            events[name] = event
    return events


def _resolve_event(name: str, spec: EventSpec, spot: Spot, schemas: dict[str, Schema], scope: Scope) -> Event:
    constant = event_constant(name)
    if constant in scope.declared:
        message = f"the event and the model {constant!r} would have one name in Python"
        related = scope.key_of(constant)
        scope.diagnostics.add("duplicate-name", spot.key, message, related=related, note="the model")
    message_name = scope.schema(spec.message, spot, "message")
    schema = schemas.get(message_name) if message_name else None
    if schema and spec.key is not None:
        _check_key(spec.key, schema, spot / "key", scope)
    if schema and spec.kind == "notification":
        _check_notification(schema, spot / "kind", scope)
    if schema and spec.kind == "state_transfer":
        _check_state_transfer(spec, schema, schemas, spot, scope)
    return Event(name, spec.message, spec.description, spec.key, spec.external, spec.retention)


def _advise(name: str, spot: Spot, scope: Scope) -> None:
    if "." not in name:
        message = "events are best named <entity>.<action>, such as user.created"
        scope.diagnostics.add("event-name", spot.key, message)


def event_constant(name: str) -> str:
    """The name of an event's definition in Python."""
    return event_identifier(name).upper()


def _check_key(key: str, schema: Schema, spot: Spot, scope: Scope) -> None:
    fields = {field.name: field for field in schema.fields}
    if (schema.model, key) in scope.unread or scope.is_misnamed(NameKind.FIELD, key):
        return
    if key not in fields:
        if fields:
            hint = scope.diagnostics.did_you_mean(key, fields) or f"the fields are {', '.join(fields)}"
            scope.diagnostics.add(
                "unknown-field", spot.place, f"{schema.name} has no field {key!r}", hint=hint
            )
        return
    field = fields[key]
    is_scalar = isinstance(field.type, ScalarType) and field.type.scalar not in _UNORDERED
    if not is_scalar and not isinstance(field.type, EnumType):
        scope.diagnostics.add(
            "event-key", spot.place, "a key is one scalar, such as an int, a string or a uuid"
        )
    elif field.nullable or not (field.required or field.has_default):
        scope.diagnostics.add(
            "event-key", spot.place, f"{key!r} may be without a value, and a key always has one"
        )


def _check_notification(schema: Schema, spot: Spot, scope: Scope) -> None:
    strange = [field.name for field in schema.fields if not _may_be_notified(field)]
    if strange:
        found = repr(strange[0]) + (f" and {len(strange) - 1} more" if len(strange) > 1 else "")
        message = f"a notification carries identifiers and times only, and {schema.name} has {found}"
        hint = "leave the kind unsaid, or give the event a smaller message"
        scope.diagnostics.add("event-kind", spot.place, message, hint=hint)


def _may_be_notified(field: Field) -> bool:
    is_identifier = field.name == "id" or field.name.endswith("_id")
    return is_identifier or (isinstance(field.type, ScalarType) and field.type.scalar in _TIMES)


def _check_state_transfer(
    spec: EventSpec, schema: Schema, schemas: dict[str, Schema], spot: Spot, scope: Scope
) -> None:
    """Who keeps a copy by such events has all of it after the last one, and knows of what."""
    if spec.key is None and not spot.may_have("key"):
        message = "a state transfer carries the state of something, and no key says of what"
        hint = "write key: the field that names it"
        scope.diagnostics.add("event-kind", (spot / "kind").place, message, hint=hint)
    carried = {field.name: field for field in schema.fields}
    whole = [field.name for field in schemas[schema.model].fields if not _is_secret(field, schema, scope)]
    missing = [name for name in whole if name not in carried]
    unsure = [field.name for field in schema.fields if not (field.required or field.has_default)]
    for names, what in ((missing, f"{schema.name} has no"), (unsure, f"{schema.name} may be without")):
        if names:
            found = repr(names[0]) + (f" and {len(names) - 1} more" if len(names) > 1 else "")
            message = f"a state transfer carries the whole state of {schema.model}, and {what} {found}"
            hint = "leave the kind unsaid, or carry a variant that has everything"
            scope.diagnostics.add("event-kind", (spot / "kind").place, message, hint=hint)


def _is_secret(field: Field, schema: Schema, scope: Scope) -> bool:
    """Whether a field is writeonly, and so not for others to know."""
    models = (loaded.spec.models.get(schema.model) for loaded in scope.specs.models)
    return any(model.fields[field.name].writeonly for model in models if model and field.name in model.fields)
