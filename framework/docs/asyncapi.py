"""The AsyncAPI 3 document of a service: what it publishes and handles, from the specs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from framework.system import Event, Operation, Service, System

_TEXT = {"type": "string"}

_HEADERS = "eventHeaders"
"""The envelope among the schemas; no model is called so, for models begin with a capital."""

_UNITS = (
    ("h", timedelta(hours=1)),
    ("m", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
    ("ms", timedelta(milliseconds=1)),
)

_ENVELOPE: Mapping[str, Any] = {
    "type": "object",
    "description": "The envelope: CloudEvents 1.0 in headers. Values are percent-encoded ASCII.",
    "properties": {
        "content-type": {"const": "application/json"},
        "ce-specversion": {"const": "1.0"},
        "ce-id": {"type": "string", "description": "The id of the event; a repeated delivery repeats it."},
        "ce-source": {"type": "string", "description": "The service that published the event."},
        "ce-type": {"type": "string", "description": "The name of the event."},
        "ce-time": {"type": "string", "format": "date-time", "description": "When it was written."},
        "ce-subject": _TEXT,
        "ce-dataschema": _TEXT,
        "ce-partitionkey": {"type": "string", "description": "The value of the ordering key."},
        "ce-sequence": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "The place among the events of one type and key; it grows and may skip numbers.",
        },
        "ce-causationid": {
            "type": "string",
            "description": "The id of the event whose handling published this one.",
        },
        "ce-traceparent": {"type": "string", "description": "W3C trace context."},
        "traceparent": {"type": "string", "description": "The same, where tracing libraries look for it."},
        "message_id": {"type": "string", "description": "The id of the event, as FastStream calls it."},
        "correlation_id": {"type": "string", "description": "The id of the event, as FastStream calls it."},
    },
    "required": ["content-type", "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time"],
}
"""What `framework.runtime.envelope` and the transport write beside the data of an event."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """An event that a service publishes, and when."""

    event: Event
    occasions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Received:
    """An event that a service handles, and by what."""

    operation: Operation
    event: Event


def messages_of(service: Service) -> frozenset[str]:
    """The names of the messages that a service publishes or handles."""
    return frozenset(event.message for event in _events(service))


def asyncapi(system: System, service: Service, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a service with events; `schemas` are those of its messages, as JSON Schemas."""
    events = _events(service)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": service.name, "version": "0.1.0", **_words(service.description)},
        "defaultContentType": "application/json",
        "servers": {
            "redis": {
                "host": "{host}:{port}",
                "pathname": "/{database}",
                "protocol": "redis",
                "description": "Redis Streams, at REDIS_URL.",
                "variables": {
                    "host": {"default": "localhost"},
                    "port": {"default": "6379"},
                    "database": {"default": "0"},
                },
            }
        },
        "channels": {event.name: _channel(event, system.stream_prefix) for event in events},
        "operations": {
            **{each.operation.qualified_name: _reception(service, each) for each in _received(service)},
            **{each.event.function: _sending(each) for each in _sent(service)},
        },
        "components": {
            "messages": {event.name: _message(event) for event in events},
            "schemas": {_HEADERS: _ENVELOPE, **schemas},
        },
    }


def _events(service: Service) -> list[Event]:
    """What the service publishes or handles, by name."""
    found = {sent.event for sent in _sent(service)} | {received.event for received in _received(service)}
    return sorted(found, key=lambda event: event.name)


def _sent(service: Service) -> list[_Sent]:
    """The events that a service publishes, by name."""
    occasions: defaultdict[Event, list[str]] = defaultdict(list)
    for domain in service.domains:
        for operation in domain.operations:
            for event, occasion in _occasions(operation):
                occasions[event].append(occasion)
    for event in service.publishes:
        occasions[event].append("by the service itself")
    return [
        _Sent(event, tuple(occasions[event])) for event in sorted(occasions, key=lambda event: event.name)
    ]


def _occasions(operation: Operation) -> Iterator[tuple[Event, str]]:
    if operation.on_success:
        yield operation.on_success.event, f"when `{operation.qualified_name}` succeeds"
    if operation.on_error:
        yield operation.on_error, f"when `{operation.qualified_name}` fails"
    for event in operation.publishes:
        yield event, f"by `{operation.qualified_name}`"


def _received(service: Service) -> list[_Received]:
    """The subscriptions of a service, by operation."""
    found = (
        _Received(operation, operation.subscription)
        for domain in service.domains
        for operation in domain.operations
        if operation.subscription
    )
    return sorted(found, key=lambda received: received.operation.qualified_name)


def _channel(event: Event, prefix: str) -> dict[str, Any]:
    """The stream of an event."""
    kept = {"x-retention": _duration(event.retention)} if event.retention else {}
    return {
        "address": prefix + event.name,
        **_words(event.description),
        "messages": {event.name: {"$ref": f"#/components/messages/{event.name}"}},
        **kept,
    }


def _message(event: Event) -> dict[str, Any]:
    """What the stream holds."""
    key = {"x-ordering-key": event.key} if event.key else {}
    return {
        "name": event.name,
        **_words(event.description),
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/correlation_id"},
        "headers": {
            "allOf": [
                {"$ref": f"#/components/schemas/{_HEADERS}"},
                {"type": "object", "properties": {"ce-type": {"const": event.name}}},
            ]
        },
        "payload": {"$ref": f"#/components/schemas/{event.message}"},
        **key,
    }


def _sending(sent: _Sent) -> dict[str, Any]:
    return {**_operation("send", sent.event), "description": f"Published {', '.join(sent.occasions)}."}


def _reception(service: Service, received: _Received) -> dict[str, Any]:
    operation = received.operation
    described = [operation.description.strip(), "Deprecated." if operation.deprecated else ""]
    retry = {"x-retry": [_duration(delay) for delay in operation.retry]} if operation.retry else {}
    return {
        **_operation("receive", received.event),
        **_words("\n\n".join(filter(None, described))),
        "tags": [{"name": operation.domain}],
        "x-consumer-group": service.name,
        **retry,
    }


def _operation(action: str, event: Event) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{event.name}"},
        "messages": [{"$ref": f"#/channels/{event.name}/messages/{event.name}"}],
    }


def _words(description: str) -> dict[str, str]:
    return {"description": description.strip()} if description.strip() else {}


def _duration(time: timedelta) -> str:
    """A duration as the specs write it: `72h`, `500ms`."""
    for unit, length in _UNITS:
        if time % length == timedelta():
            return f"{time // length}{unit}"
    raise ValueError(f"{time} is no whole number of milliseconds")
