"""What people write out of habit, from JSON Schema or SQLAlchemy, and what this language calls it."""

from __future__ import annotations

from collections.abc import Mapping

from framework.spec.base import Spec
from framework.spec.events import EventSpec
from framework.spec.models import FieldSpec, ModelSpec
from framework.spec.operations import (
    METHODS,
    DomainFile,
    EventsConfig,
    OperationSpec,
    PaginateConfig,
    ParamSpec,
    RestConfig,
    RetryConfig,
    ScheduleConfig,
)
from framework.spec.services import ServiceSpec

Habit = tuple[str, str]
"""The key that is probably meant, empty if there is none, and the hint."""

_TABLES: Habit = ("", "tables are described by the classes in src/models, not by the spec")
_TRIES = "each of the delays is followed by one more try: delays: [1s, 5s, 30s] gives three"
_UNIONS: Habit = ("type", "a type is one type, or one type `| null`: give each shape a model of its own")

_CONSTRAINTS: Mapping[str, Habit] = {
    "minimum": ("ge", "write ge: the least value"),
    "maximum": ("le", "write le: the greatest value"),
    "exclusiveMinimum": ("gt", "write gt: all values are greater than this"),
    "exclusiveMaximum": ("lt", "write lt: all values are less than this"),
    "min": ("ge", "write ge for the least value, min_length for a text, min_items for a list"),
    "max": ("le", "write le for the greatest value, max_length for a text, max_items for a list"),
    "length": ("max_length", "write max_length"),
    "regex": ("pattern", "write pattern"),
    "enum": ("values", "write type: enum, values: [a, b]"),
    "choices": ("values", "write type: enum, values: [a, b]"),
    "const": ("values", "write type: enum, with one of values"),
    "format": ("type", "the format is the type here, such as type: email"),
    "$ref": ("type", "the name of the model is the type, such as type: Address"),
    "ref": ("type", "the name of the model is the type, such as type: Address"),
    "schema": ("type", "write type"),
    "items": ("type", "write type: list[T]"),
    "properties": ("type", "give the object a model of its own, and write its name as the type"),
    "additionalProperties": ("type", "write type: dict[string, T]"),
    "nullable": ("type", "write type: T | null"),
    "oneOf": _UNIONS,
    "anyOf": _UNIONS,
    "allOf": _UNIONS,
}

HABITS: Mapping[type[Spec], Mapping[str, Habit]] = {
    FieldSpec: {
        **_CONSTRAINTS,
        "required": ("optional", "every field is required, unless it says optional: true"),
        "null": ("optional", "write optional: true, or type: T | null"),
        "example": ("examples", "write examples: [...]"),
        "primary_key": _TABLES,
        "unique": _TABLES,
        "index": _TABLES,
        "foreign_key": _TABLES,
        "server_default": _TABLES,
    },
    ParamSpec: {
        **_CONSTRAINTS,
        "in": ("source", "write source"),
        "optional": ("required", "write required: false"),
    },
    ModelSpec: {
        "properties": ("fields", "write fields"),
        "columns": ("fields", "write fields"),
        "required": ("", "every field is required, unless it says optional: true"),
        "type": ("", "a model is always an object: remove it"),
        "extends": ("", "models do not inherit: repeat the fields, or make them variants of one model"),
        "allOf": ("", "models do not inherit: repeat the fields, or make them variants of one model"),
        "table": _TABLES,
        "tablename": _TABLES,
    },
    OperationSpec: {
        "body": ("input", "write input"),
        "request": ("input", "write input"),
        "requestBody": ("input", "write input"),
        "response": ("output", "write output"),
        "response_model": ("output", "write output"),
        "responses": ("output", "write output, and errors for what is refused: errors: {NotFound: 404}"),
        "returns": ("output", "write output"),
        "parameters": ("params", "write params"),
        "query": ("params", "write params: a list of {name: …, type: …}"),
        "summary": ("description", "write description"),
        "operationId": ("", "the key above is the operation's name: remove it"),
        "method": ("rest", "write rest: {method: …, path: …}"),
        "path": ("rest", "write rest: {method: …, path: …}"),
        "status": ("rest", "write rest: {method: …, path: …, status: …}"),
        "http": ("rest", "write rest: {method: …, path: …}"),
        **{verb.lower(): ("rest", f"write rest: {{method: {verb}, path: …}}") for verb in METHODS},
        "retry": ("events", "write events: {subscribe: …, retry: {delays: […]}}"),
        "cron": ("schedule", 'write schedule: {cron: "0 3 * * *"}'),
        "every": ("schedule", "write schedule: {every: 30s}"),
        "interval": ("schedule", "write schedule: {every: 30s}"),
        "tags": ("", "tags are those of the domain: config: {rest: {tags: […]}}"),
        "subscribe": ("events", "write events: {subscribe: …}"),
        "publish_on_success": ("events", "write events: {publish_on_success: …}"),
        "publish_on_error": ("events", "write events: {publish_on_error: …}"),
        "publish": ("publishes", "write publishes: […], or events: {publish_on_success: …}"),
        "pagination": ("paginate", "write paginate: {key: id}"),
        "page_size": ("paginate", "write paginate: {key: id, default: …, max: …}"),
        "cursor": ("paginate", "write paginate: {key: id}"),
        "version": ("versioned", "write versioned: true"),
        "etag": ("versioned", "write versioned: true"),
        "if_match": ("versioned", "write versioned: true"),
        "idempotency": ("idempotent", "write idempotent: true"),
        "idempotency_key": ("idempotent", "write idempotent: true"),
    },
    PaginateConfig: {
        "keys": ("key", "write key for the first field, then for the one that decides between equals"),
        "by": ("key", "write key"),
        "order_by": ("key", "write key: -created_at for the newest first"),
        "sort": ("key", "write key: -created_at for the newest first"),
        "sort_by": ("key", "write key: -created_at for the newest first"),
        "order": ("", "the hyphen says it: key: -created_at is the newest first"),
        "desc": ("", "the hyphen says it: key: -created_at is the newest first"),
        "descending": ("", "the hyphen says it: key: -created_at is the newest first"),
        "limit": ("max", "write max: the most that a client may ask for; default is what it gets unasked"),
        "size": ("default", "write default, and max for the most that a client may ask for"),
        "page_size": ("default", "write default, and max for the most that a client may ask for"),
        "maximum": ("max", "write max"),
        "max_limit": ("max", "write max"),
        "max_page_size": ("max", "write max"),
        "tiebreak": ("then", "write then"),
    },
    DomainFile: {
        "prefix": ("config", "write config: {rest: {prefix: …}}"),
        "tags": ("config", "write config: {rest: {tags: […]}}"),
        "rest": ("config", "write config: {rest: …}"),
        "name": ("domain", "write domain"),
        "service": ("", "the folder says which service it is: remove it"),
        "paths": ("operations", "write operations"),
        "endpoints": ("operations", "write operations"),
        "routes": ("operations", "write operations"),
    },
    RestConfig: {
        "url": ("path", "write path"),
        "route": ("path", "write path"),
        "verb": ("method", "write method"),
        "status_code": ("status", "write status"),
    },
    EventsConfig: {
        "publish": ("publish_on_success", "write publish_on_success"),
    },
    RetryConfig: {
        "max": ("", _TRIES),
        "attempts": ("", _TRIES),
        "max_attempts": ("", _TRIES),
        "max_retries": ("", _TRIES),
        "times": ("", _TRIES),
    },
    ScheduleConfig: {
        "crontab": ("cron", "write cron"),
        "expression": ("cron", "write cron"),
        "at": ("cron", 'write cron: "0 3 * * *" for three o\'clock'),
        "interval": ("every", "write every: 30s"),
        "seconds": ("every", "write every: 30s"),
        "minutes": ("every", "write every: 5m"),
        "hours": ("every", "write every: 2h"),
        "days": ("every", 'write every: 1d, or cron: "0 3 * * *" for a time of the day'),
        "tz": ("timezone", "write timezone"),
        "time_zone": ("timezone", "write timezone"),
        "retry": ("", "write events: {retry: {delays: […]}} beside the schedule"),
        "enabled": ("", "what is not to run has no schedule: remove it"),
    },
    EventSpec: {
        "payload": ("message", "write message: the name of a model"),
        "schema": ("message", "write message: the name of a model"),
        "model": ("message", "write message: the name of a model"),
    },
    ServiceSpec: {
        "ports": ("port", "write port: one number"),
        "scale": ("replicas", "write replicas"),
        "environment": ("", "settings stand in .env; see .env.example"),
        "env": ("", "settings stand in .env; see .env.example"),
        "image": ("", "the image is built from the Dockerfile that is generated for the service"),
        "build": ("", "the image is built from the Dockerfile that is generated for the service"),
    },
}
"""For each part of a spec, the keys that other languages have there."""

MAIN_KEYS: Mapping[type[Spec], str] = {
    FieldSpec: "type",
    ParamSpec: "name",
    EventSpec: "message",
    RestConfig: "method",
    PaginateConfig: "key",
}
"""What a word is meant as where a mapping belongs: `id: int` for `id: {type: int}`."""
