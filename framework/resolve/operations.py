"""Operations: their types, transports and events, and what contradicts itself in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.naming import NameKind
from framework.resolve.errors import operation_errors
from framework.resolve.idempotency import check_idempotency
from framework.resolve.messages import Catalogue, Given, resolve_binding
from framework.resolve.pages import page_params, resolve_pagination
from framework.resolve.params import resolve_params
from framework.resolve.paths import path_problem
from framework.resolve.routes import check_reserved
from framework.resolve.schedules import resolve_schedule
from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.resolve.versions import check_version, version_params
from framework.system import EventBinding, Operation, Param, RestBinding, ServiceType
from framework.types import EnumType, ListType, NullableType, PageType, ScalarType, Type

if TYPE_CHECKING:
    from framework.spec.operations import EventsConfig

_WITHOUT_BODY = frozenset({204, 205})


def resolve_operation(site: Site, catalogue: Catalogue, scope: Scope) -> Operation:
    """One operation, with all its mistakes told."""
    spec = site.spec
    for check in _CHECKS:
        check(site, scope)
    scope.named(NameKind.OPERATION, site.name, site.spot)
    input_ = scope.type(spec.input, site.spot, "input") if spec.input is not None else None
    output = scope.type(spec.output, site.spot, "output") if spec.output is not None else None
    if input_ is not None:
        _check_input(input_, site, scope)
    params = resolve_params(site, scope)
    pagination = resolve_pagination(site, output, catalogue.schemas, scope)
    check_version(site, output, catalogue.schemas, scope)
    return Operation(
        name=site.name,
        domain=site.file.spec.domain,
        description=spec.description,
        input=input_,
        output=PageType(output.item) if pagination and isinstance(output, ListType) else output,
        params=(*params, *(page_params(spec.paginate) if spec.paginate else version_params(spec))),
        rest=_rest(site),
        events=_events(site, spec.events, params, input_, output, catalogue, scope),
        schedule=resolve_schedule(site, input_, params, catalogue.schemas, scope),
        errors=operation_errors(site, scope),
        transaction=spec.transaction,
        deprecated=spec.deprecated,
        idempotent=spec.idempotent,
        versioned=spec.versioned,
        publishes=tuple(catalogue.events[name] for name in spec.publishes if name in catalogue.events),
        pagination=pagination,
    )


def _events(
    site: Site,
    spec: EventsConfig | None,
    params: tuple[Param, ...],
    input_: Type | None,
    output: Type | None,
    catalogue: Catalogue,
    scope: Scope,
) -> EventBinding | None:
    if spec is None:
        return None
    is_whole = (
        (input_ is None, output is None) == (site.spec.input is None, site.spec.output is None)
        and len(params) == len(site.spec.params)
        and not site.may_have("input", "output", "params")
    )
    return resolve_binding(site, spec, Given(params, input_, output, is_whole), catalogue, scope)


def _rest(site: Site) -> RestBinding | None:
    rest = site.rest
    if rest is None:
        return None
    tags = site.file.spec.config.rest.tags or (site.file.spec.domain,)
    return RestBinding(rest.method, site.whole_path, _status(site), tags)


def _status(site: Site) -> int:
    """What success answers: 200 if the spec says nothing, 204 without output."""
    return (site.rest and site.rest.status) or (204 if site.spec.output is None else 200)


def _check_transport(site: Site, scope: Scope) -> None:
    if site.rest or site.subscribes or site.spec.schedule:
        return
    if not site.may_have("rest", "events", "schedule"):
        message = f"nothing can call {site.name!r}"
        hint = "give it rest: {method: …, path: …}, events: {subscribe: …} or schedule: {every: …}"
        scope.diagnostics.add("no-transport", site.spot.key, message, hint=hint)


def _check_service_type(site: Site, scope: Scope) -> None:
    if site.entry and site.entry.type is ServiceType.FASTSTREAM and site.rest:
        message = f"{site.service!r} is a python-faststream service and has no REST operations"
        hint = "subscribe to an event, or make the service python-fastapi"
        place, related = (site.spot / "rest").key, (site.entry.spot / "type").place
        scope.diagnostics.add(
            "wrong-transport", place, message, hint=hint, related=related, note="the service"
        )


def _check_path(site: Site, scope: Scope) -> None:
    rest = site.rest
    if rest is None or site.is_path_lost:
        return
    problem = path_problem(rest.path)
    if problem is None and path_problem(site.file.spec.config.rest.prefix) is None and site.path is None:
        problem = path_problem(site.whole_path)
    if problem:
        scope.diagnostics.add("bad-path", (site.spot / "rest" / "path").place, problem)
    check_reserved(site, scope)


def _check_body(site: Site, scope: Scope) -> None:
    rest = site.rest
    if rest is None:
        return
    if rest.method == "GET" and site.spec.input is not None:
        message = "a GET request has no body, and so no input"
        place, related = (site.spot / "input").place, (site.spot / "rest" / "method").place
        hint = "take query parameters, or make it a POST"
        scope.diagnostics.add(
            "input-not-allowed", place, message, hint=hint, related=related, note="the method"
        )
    if rest.status in _WITHOUT_BODY and site.spec.output is not None:
        message = f"an answer of status {rest.status} has no body, and so no output"
        place, related = (site.spot / "output").place, (site.spot / "rest" / "status").place
        hint = "remove one of the two"
        scope.diagnostics.add(
            "output-not-allowed", place, message, hint=hint, related=related, note="the status"
        )


_CHECKS = (_check_transport, _check_service_type, _check_path, _check_body, check_idempotency)


def _check_input(input_: Type, site: Site, scope: Scope) -> None:
    if isinstance(input_, ScalarType | EnumType | NullableType):
        message = "an input is a model, or a list or dict"
        hint = "make it a parameter, or a field of a model"
        scope.diagnostics.add("bad-input", (site.spot / "input").place, message, hint=hint)
