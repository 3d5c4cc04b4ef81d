"""Mistakes that can stand side by side in one project: each in entries of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_MODELS = """\
models:
  Book:
    fields: {id: {type: int}, note: {type: string, optional: true}}
    variants: {Create: {exclude: [id]}, Read: {}}
"""
_EVENTS = """\
events:
  book.made: {message: BookRead, external: true}
"""
_OPERATIONS = """\
domain: acts
operations:
  read: {output: BookRead, rest: {method: GET, path: /book}}
"""
_SERVICES = """\
version: 2
services:
  - {name: shop, type: python-fastapi, database: true}
"""


@dataclass(frozen=True)
class Mistake:
    """Entries of a project and the codes of what is wrong with them; `N` in an entry is a number of its own.

    `hides` are the codes of others that cannot be told beside it: a service that cannot be read may publish
    an event that nobody else publishes, and if its name cannot be read it may be the one that is called.
    """

    codes: tuple[str, ...]
    model: str = ""
    event: str = ""
    operation: str = ""
    service: str = ""
    hides: frozenset[str] = frozenset()


_UNKNOWN = frozenset({"unpublished-event"})
_UNNAMED = frozenset({"unpublished-event", "unknown-service"})


def project(mistakes: Iterable[tuple[int, Mistake]]) -> Mapping[str, str]:
    """The files of a project that has these mistakes, each with its number, and is sound otherwise."""
    numbered = list(mistakes)

    def section(name: str, indent: str) -> str:
        entries = (getattr(mistake, name).replace("N", str(number)) for number, mistake in numbered)
        lines = (line for entry in entries for line in entry.splitlines())
        return "".join(f"{indent}{line}\n" for line in lines)

    return {
        "shared/spec/models.yaml": _MODELS + section("model", "  "),
        "shared/spec/events.yaml": _EVENTS + section("event", "  "),
        "services/shop/spec/acts.yaml": _OPERATIONS + section("operation", "  "),
        "services.yml": _SERVICES + section("service", "  "),
    }


def _field(code: str, field: str) -> Mistake:
    return Mistake((code,), model=f"PartN: {{fields: {{id: {{type: int}}, kind: {field}}}}}")


def _operation(code: str, keys: str) -> Mistake:
    return Mistake((code,), operation=f"act_N: {{{keys}}}")


MISTAKES = (
    # models
    _field("unknown-key", "{type: int, optinal: true}"),
    _field("unknown-key", "{type: string, maxLength: 3}"),
    _field("unknown-key", "{type: enum, enum: [a, b]}"),
    _field("missing-key", "{optional: true}"),
    _field("bad-shape", "int"),
    _field("bad-shape", "{type: int, optional: yes}"),
    _field("bad-shape", "[int]"),
    _field("bad-number", "{type: float, ge: .inf}"),
    _field("bad-number", "{type: float, default: 1e999}"),
    _field("yaml-feature", "{type: !!str int}"),
    _field("duplicate-key", "{type: int, type: string}"),
    _field("bad-type", "{type: itn}"),
    _field("bad-type", "{type: String}"),
    _field("unknown-model", "{type: Bkoo}"),
    _field("bad-constraint", "{type: string, ge: 1}"),
    _field("empty-range", "{type: int, ge: 2, le: 1}"),
    _field("bad-pattern", "{type: string, pattern: '['}"),
    _field("bad-default", "{type: int, default: one}"),
    _field("bad-example", "{type: int, examples: [one]}"),
    _field("bad-enum", "{type: enum}"),
    _field("bad-variant", "{type: int, readonly: true, writeonly: true}"),
    Mistake(("model-cycle",), model="PartN: {fields: {next: {type: PartN}}}"),
    Mistake(("bad-shape",), model="PartN: {fields: {next: {type: PartN, optional: ture}}}"),
    Mistake(("unknown-field",), model="PartN: {fields: {id: {type: int}}, variants: {Read: {only: [idd]}}}"),
    Mistake(
        ("unknown-key", "bad-type"), model="PartN: {fields: {id: {type: itn}}, feilds: {}, description: no}"
    ),
    Mistake(("bad-shape",), model="PartN: {fields: {id: {type: int}}, variants: [Read]}"),
    Mistake(
        ("unknown-key",), model="PartN: {feilds: {id: {type: int}}}", event="thing.madeN: {message: PartN}"
    ),
    # events
    Mistake(("unknown-model",), event="thing.madeN: {message: BookRaed, key: id}"),
    Mistake(("unknown-field",), event="thing.madeN: {message: BookRead, key: idd}"),
    Mistake(("event-key",), event="thing.madeN: {message: BookRead, key: note}"),
    Mistake(("missing-key",), service="- {type: python-fastapi}", hides=_UNNAMED),
    Mistake(("missing-key",), event="thing.madeN: {key: id}"),
    Mistake(
        ("bad-type",),
        model="PartN: {fields: {id: {type: itn}, name: {type: string}}}",
        event="thing.madeN: {message: PartN, key: id}",
    ),
    Mistake(
        ("external-event",),
        event="thing.madeN: {message: BookRead, external: true}",
        operation="act_N: {output: BookRead, rest: {method: PUT, path: /bookN}, "
        "events: {publish_on_success: thing.madeN}}",
    ),
    # operations
    _operation("no-transport", "output: BookRead"),
    _operation("bad-schedule", "schedule: {cron: '0 25 * * *'}"),
    _operation("bad-schedule", "schedule: {cron: '0 3 * * *', every: 1h}"),
    _operation("bad-value", "schedule: {every: 1ms}, events: {retry: {delays: [1s]}}"),
    _operation("bad-shape", "schedule: 1h"),
    _operation("unknown-key", "schedule: {interval: 1h}"),
    _operation("unknown-timezone", "schedule: {cron: '0 3 * * *', timezone: Berlin/Europe}"),
    _operation("unfilled-input", "input: BookRead, schedule: {every: 1h}"),
    _operation("unknown-key", "params: [{name: a, type: int, defualt: 1}], schedule: {every: 1h}"),
    _operation("unfilled-param", "params: [{name: a, type: int}], schedule: {every: 1h}"),
    _operation("unknown-key", "output: BookRead, rst: {method: GET, path: /pN}"),
    _operation("missing-key", "output: BookRead, rest: {path: /pN}"),
    _operation("bad-value", "output: BookRead, rest: {method: GTE, path: /book}"),
    _operation("bad-shape", "output: [BookRead], rest: {method: GET, path: /pN}"),
    _operation("bad-shape", "output: BookRead, rest: {method: GET, path: [book]}"),
    _operation("unknown-model", "output: BookRaed, rest: {method: GET, path: /pN}"),
    _operation("bad-path", "output: BookRead, rest: {method: GET, path: pN}"),
    _operation("unknown-placeholder", "output: BookRead, rest: {method: GET, path: '/pN/{id}'}"),
    _operation(
        "unknown-key",
        "output: BookRead, params: [{nme: id, type: int}], rest: {method: GET, path: '/pN/{id}'}",
    ),
    _operation(
        "bad-type", "output: BookRead, params: [{name: id, type: itn}], rest: {method: GET, path: '/pN/{id}'}"
    ),
    _operation(
        "unplaced-param", "params: [{name: id, type: int, source: path}], rest: {method: POST, path: /pN}"
    ),
    _operation("input-not-allowed", "input: BookCreate, output: BookRead, rest: {method: GET, path: /pN}"),
    _operation("output-not-allowed", "output: BookRead, rest: {method: POST, path: /pN, status: 204}"),
    _operation("unknown-event", "rest: {method: POST, path: /pN}, publishes: [book.maed]"),
    Mistake(
        ("unknown-event",),
        event="thing.madeN: {message: BookRead}",
        operation="act_N: {output: BookRead, rest: {method: POST, path: /pN}, "
        "events: {publish_on_success: thing.mdaeN}}\n"
        "on_N: {input: BookRead, events: {subscribe: thing.madeN}}",
    ),
    Mistake(
        ("unpublished-event",),
        event="thing.madeN: {message: BookRead}",
        operation="on_N: {input: BookRead, events: {subscribe: thing.madeN}}",
    ),
    Mistake(
        ("missing-input",),
        event="thing.madeN: {message: BookRead, external: true}",
        operation="on_N: {events: {subscribe: thing.madeN}}",
    ),
    Mistake(
        ("bad-shape",),
        event="thing.madeN: {message: BookRead, external: true}",
        operation="on_N: {input: [BookRead], events: {subscribe: thing.madeN}}",
    ),
    Mistake(
        ("unfilled-message",),
        model="PartN: {fields: {other: {type: int}}}",
        event="thing.madeN: {message: PartN}",
        operation="act_N: {rest: {method: POST, path: /pN}, events: {publish_on_success: thing.madeN}}",
    ),
    Mistake(
        ("bad-type",),
        model="PartN: {fields: {other: {type: itn}}}",
        event="thing.madeN: {message: PartN}",
        operation="act_N: {input: PartN, rest: {method: POST, path: /pN}, "
        "events: {publish_on_success: thing.madeN}}",
    ),
    Mistake(
        ("message-mismatch",),
        event="thing.madeN: {message: BookCreate}",
        operation="act_N: {output: BookRead, rest: {method: POST, path: /pN}, "
        "events: {publish_on_success: thing.madeN}}",
    ),
    # services
    Mistake(("bad-value",), service="- {name: sN, type: python-fastpi}", hides=_UNKNOWN),
    Mistake(("unknown-key",), service="- {name: sN, type: python-fastapi, databse: true}"),
    Mistake(("unknown-key",), service="- {nme: sN, type: python-fastapi}", hides=_UNNAMED),
    Mistake(("bad-shape",), service="- sN", hides=_UNNAMED),
    Mistake(("unknown-service",), service="- {name: sN, type: python-fastapi, calls: [shpo.read]}"),
    Mistake(("unknown-operation",), service="- {name: sN, type: python-fastapi, calls: [shop.raed]}"),
    Mistake(
        ("unknown-service",),
        service="- {name: sN, type: python-fastapi, depends_on: {rediss: service_started}}",
    ),
    Mistake(("unknown-event",), service="- {name: sN, type: python-fastapi, publishes: [book.maed]}"),
    Mistake(
        ("bad-shape",),
        operation="act_N: {output: BookRead, rest: GET}",
        service="- {name: sN, type: python-fastapi, calls: [shop.act_N]}",
    ),
)
"""Each alone, and any of them together, are found, and nothing else."""
