"""What is asked of the services while they are hit: the commands that HTTP offers, with made-up input."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from urllib.parse import quote

from framework.chaos.samples import NoSample, Samples
from framework.system import (
    Operation,
    Param,
    ParamRole,
    ParamSource,
    Publication,
    RestBinding,
    Service,
    System,
)

_REMEMBERED: Final = 200
_PUBLISHING_WEIGHT: Final = 4


@dataclass(frozen=True, slots=True)
class Route:
    """A command of a service that HTTP calls."""

    service: str
    operation: Operation
    rest: RestBinding

    @property
    def name(self) -> str:
        """Its name in the account: `backend.users.create_user`."""
        return f"{self.service}.{self.operation.qualified_name}"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent."""

    route: Route
    method: str
    path: str
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    payload: Any
    """The body, None if the operation has no input."""
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer of success says: that such an event was committed."""

    event: str
    content: frozenset[tuple[str, Any]]
    """Fields of its message that have one spelling in JSON, and their values."""


def routes_of(system: System, service: Service) -> list[Route]:
    """The commands of the domains that publish anything; the others may make what those need."""
    return [
        Route(service.name, operation, operation.rest)
        for domain in service.rest_domains
        if any(_publishes(operation) for operation in domain.rest_operations)
        for operation in domain.rest_operations
        if operation.rest and not operation.rest.is_safe
    ]


def _publishes(operation: Operation) -> bool:
    return bool(operation.on_success or operation.publishes)


class Caller:
    """Makes calls of one client, which remembers the ids that it was answered."""

    def __init__(self, system: System, routes: list[Route], random: Random) -> None:
        self.impossible: dict[str, str] = {}
        """The routes that cannot be called, and why."""
        self._samples = Samples(system, random)
        self._random = random
        self._routes = list(routes)
        self._known: defaultdict[tuple[str, str, str], deque[Any]] = defaultdict(
            lambda: deque(maxlen=_REMEMBERED)
        )

    def next(self) -> Call | None:
        """The next call; None while nothing can be called."""
        while self._routes:
            weights = [_PUBLISHING_WEIGHT if _publishes(each.operation) else 1 for each in self._routes]
            (route,) = self._random.choices(self._routes, weights)
            try:
                return self._call(route)
            except NoSample as error:
                self.impossible[route.name] = str(error)
                self._routes.remove(route)
        return None

    def remember(self, call: Call, answer: Any) -> None:
        """Keep what later calls of the domain may refer to."""
        if isinstance(answer, Mapping):
            domain = call.route.operation.domain
            for name, value in answer.items():
                if isinstance(value, int | str) and (name == "id" or name.endswith("_id")):
                    self._known[call.route.service, domain, name].append(value)

    def _call(self, route: Route) -> Call:
        operation = route.operation
        params = {
            param.name: self._param(route, param) for param in operation.params if self._is_given(param)
        }
        by_source: defaultdict[ParamSource, dict[str, Any]] = defaultdict(dict)
        for param in operation.params:
            if param.name in params:
                by_source[param.source][param.wire_name] = params[param.name]
        path = route.rest.path
        for name, value in by_source[ParamSource.PATH].items():
            path = path.replace(f"{{{name}}}", quote(_text(value), safe=""))
        return Call(
            route,
            route.rest.method,
            path,
            by_source[ParamSource.QUERY],
            {name: quote(_text(value), safe="/*") for name, value in by_source[ParamSource.HEADER].items()},
            {name: quote(_text(value)) for name, value in by_source[ParamSource.COOKIE].items()},
            None if operation.input is None else self._samples.of(operation.input),
            params,
        )

    def _is_given(self, param: Param) -> bool:
        is_wanted = param.required or param.role is ParamRole.IF_MATCH
        return is_wanted or self._random.random() < 0.5

    def _param(self, route: Route, param: Param) -> Any:
        """What an answer has named, or anything that fits."""
        if param.role is ParamRole.IF_MATCH:
            return "*"  # of many clients none knows what the others have made of it
        for name in (param.name, "id") if param.name.endswith("_id") else (param.name,):
            known = self._known[route.service, route.operation.domain, name]
            if known:
                return self._random.choice(known)
        return self._samples.of_param(param)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def claim_of(call: Call, answer: Any) -> Claim | None:
    """What a success says about an event; None if nothing that could be looked up."""
    publication = call.route.operation.on_success
    if publication is None:
        return None
    return Claim(publication.event.name, frozenset(_content(publication, call, answer)))


def _content(publication: Publication, call: Call, answer: Any) -> Iterator[tuple[str, Any]]:
    if publication.arguments is None:
        values = dict(answer) if isinstance(answer, Mapping) else {}
    else:
        holders = {"payload": call.payload, "result": answer}
        values = {}
        for argument in publication.arguments:
            holder, _, name = argument.source.rpartition(".")
            source = holders.get(holder) if holder else call.params
            if isinstance(source, Mapping) and name in source:
                values[argument.field] = source[name]
    return ((name, value) for name, value in values.items() if has_one_spelling(value))


def has_one_spelling(value: object) -> bool:
    """Whether a value looks the same in every JSON of it: numbers and moments need not."""
    return isinstance(value, int) or (isinstance(value, str) and not value[:2].isdigit())
