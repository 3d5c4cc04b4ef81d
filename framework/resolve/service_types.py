"""What a service of each type may have: what its entry says, and the specs in its folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from framework.diagnostics import Place
from framework.load import Loaded
from framework.resolve.entries import ServiceEntry
from framework.resolve.scope import Scope
from framework.system import CUSTOM_FILES, ServiceType

if TYPE_CHECKING:
    from framework.spec.operations import DomainFile


class _Lack(NamedTuple):
    """What services of a type do not have, and what to do instead."""

    message: str
    hint: str
    code: str = "wrong-service-type"


_ANSWERS_OPERATORS = _Lack(
    "the port of a {type} service answers its operators alone, and is never public",
    "remove it; what the world calls belongs to a python-fastapi or node service",
)

_OF_ENTRIES: Mapping[ServiceType, Mapping[str, _Lack]] = {
    ServiceType.FASTSTREAM: {"public": _ANSWERS_OPERATORS},
    ServiceType.TELEGRAM: {
        "public": _ANSWERS_OPERATORS,
        "database": _Lack(
            "the database of a Telegram bot is not supported yet",
            "let another service own the data, and call it",
            "not-supported",
        ),
    },
    ServiceType.PYTHON: {"public": _ANSWERS_OPERATORS},
    ServiceType.NODE: {
        "database": _Lack(
            "a node service has no database", "let a Python service own the data, and call its operations"
        ),
        "publishes": _Lack(
            "a node service publishes no events", "call an operation of a Python service that publishes them"
        ),
    },
}
"""Keys of an entry that say nothing for services of a type."""

_OF_DOMAINS: Mapping[ServiceType, _Lack] = {
    ServiceType.TELEGRAM: _Lack(
        "operations of a Telegram bot are not supported yet",
        "its handlers call other services and publish events; what an event calls belongs to a "
        "python-fastapi or python-faststream service",
        "not-supported",
    ),
    ServiceType.PYTHON: _Lack(
        "a python service is a process of your own, and has no operations",
        "make it python-fastapi or python-faststream, or move the spec to a service of these types",
    ),
    ServiceType.NODE: _Lack(
        "a node service has no operations, neither over REST nor by events",
        "move the spec to a python-fastapi or python-faststream service; the node service calls it",
    ),
}
"""The types of services whose folders hold no specs."""

_CUSTOM: Mapping[ServiceType, frozenset[str]] = {ServiceType.NODE: frozenset({"app"})}
"""Generated files that services of a type do not have, so that `custom:` cannot name them."""


def check_type(entry: ServiceEntry, scope: Scope) -> None:
    """Tell what the entry says and services of its type do not have."""
    for key, lack in _OF_ENTRIES.get(entry.type, {}).items():
        if getattr(entry.spec, key):
            _tell(lack, entry, (entry.spot / key).key, scope)
    if entry.spec.public and entry.spec.port is None and not entry.may_have("port"):
        message, hint = "a public service says at which port it is", "write port: 8000, or another one"
        scope.diagnostics.add("missing-key", (entry.spot / "public").key, message, hint=hint)
    for index, name in enumerate(entry.spec.custom):
        place = (entry.spot / "custom" / index).place
        if name in _CUSTOM.get(entry.type, ()):
            message = f"a {entry.type} service has no generated {CUSTOM_FILES[name]}"
            scope.diagnostics.add("bad-value", place, message, hint="remove it")
        elif name == "migrations_env" and not entry.spec.database:
            message, hint = "a service without a database has no migrations", "remove it"
            if "database" not in _OF_ENTRIES.get(entry.type, {}):
                hint = "remove it, or write database: true"
            scope.diagnostics.add("bad-value", place, message, hint=hint)


def check_domain(loaded: Loaded[DomainFile], entry: ServiceEntry | None, scope: Scope) -> None:
    """Tell of a spec in the folder of a service that can have none."""
    if entry and entry.type in _OF_DOMAINS and loaded.spec.operations:
        _tell(_OF_DOMAINS[entry.type], entry, (loaded.spot / "operations").key, scope)


def _tell(lack: _Lack, entry: ServiceEntry, place: Place, scope: Scope) -> None:
    message = lack.message.format(type=entry.type.value)
    if lack.code == "not-supported":
        scope.diagnostics.add(lack.code, place, message, hint=lack.hint)
        return
    related = (entry.spot / "type").place
    scope.diagnostics.add(
        lack.code, place, message, hint=lack.hint, related=related, note=f"{entry.name} is one"
    )
