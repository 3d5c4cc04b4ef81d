"""Parameters of operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framework.diagnostics import Place
from framework.naming import NameKind, pascal_case
from framework.resolve.constraints import resolve_constraints
from framework.resolve.enums import declare_enum
from framework.resolve.scope import Scope, split_null
from framework.resolve.site import Site
from framework.resolve.values import check_default
from framework.source import Spot
from framework.system import Param, ParamSource
from framework.types import EnumType, ListType, Scalar, ScalarType, SetType, Type

if TYPE_CHECKING:
    from framework.spec.operations import ParamSpec

_NOT_AS_TEXT = frozenset({Scalar.JSON, Scalar.BYTES})

_HEADERS_OF_HTTP = {
    **dict.fromkeys(
        ("accept", "authorization", "content_type"),
        "OpenAPI ignores a parameter of this name: it has words of its own for this header",
    ),
    **dict.fromkeys(
        (
            *("connection", "content_encoding", "content_length", "expect", "host", "keep_alive"),
            *("proxy_authorization", "proxy_connection", "te", "trailer", "transfer_encoding", "upgrade"),
        ),
        "this header belongs to the connection, and servers and clients set it by themselves",
    ),
    **dict.fromkeys(("cookie", "set_cookie"), "name the cookie itself, and write source: cookie"),
}
"""Headers that no parameter can be, by the parameter's name."""


def resolve_params(site: Site, scope: Scope) -> tuple[Param, ...]:
    """The parameters of an operation: those of the path in its order, then the others in theirs."""
    names, specs = site.placeholders, site.spec.params
    if not names and not specs:
        return ()
    found: dict[str, Param] = {}
    for index, spec in enumerate(specs):
        if spec.name in found:
            spot = site.spot / "params" / index
            scope.named(NameKind.PARAM, spec.name, spot / "name", is_key=False)
            message = f"there are two parameters {spec.name!r}"
            related = site.param_spot(spec.name).place
            scope.diagnostics.add(
                "duplicate-name", (spot / "name").place, message, related=related, note="the first"
            )
            continue
        if param := _param(site, index, spec, scope):
            found[spec.name] = param
    _check_placeholders(site, names, scope)
    in_path = (found[name] for name in names if name in found)
    return (*in_path, *(param for param in found.values() if param.source is not ParamSource.PATH))


def _check_placeholders(site: Site, names: tuple[str, ...], scope: Scope) -> None:
    if not names or site.may_have("params"):
        return
    given = {spec.name for spec in site.spec.params}
    for name in names:
        if name not in given and not scope.is_misnamed(NameKind.PARAM, name):
            hint = (
                scope.diagnostics.did_you_mean(name, given)
                or f"add it to params: {{name: {name}, type: int}}"
            )
            place = (site.spot / "rest" / "path").place
            scope.diagnostics.add("unknown-placeholder", place, f"no parameter {name!r}", hint=hint)


def _param(site: Site, index: int, spec: ParamSpec, scope: Scope) -> Param | None:
    """A parameter; operations that say the same of it have the same object, worked out once."""
    names, said = site.placeholders, scope.sameness.said(spec)
    enum = pascal_case(site.name) + pascal_case(spec.name) if said.may_be_enum else ""
    key = (enum, spec.name in names, site.path is not None, site.rest is not None, said.key)
    if known := scope.params.get(key):
        return known
    spot = site.spot / "params" / index
    scope.named(NameKind.PARAM, spec.name, spot / "name", is_key=False)
    if said.may_be_enum:
        declare_enum(enum, spec, spot, scope)
    param = _resolve_param(site, spec, spot, names, enum, scope)
    # Mistakes are told wherever they stand.
    if param and not scope.diagnostics:
        scope.params[key] = param
    return param


def _resolve_param(
    site: Site, spec: ParamSpec, spot: Spot, names: tuple[str, ...], enum_name: str, scope: Scope
) -> Param | None:
    type_ = scope.type(spec.type, spot, "type", enum=enum_name)
    if type_ is None:
        return None
    type_, has_null = split_null(type_)
    source = ParamSource(spec.source or ("path" if spec.name in names else "query"))
    has_default = "default" in spec.model_fields_set
    is_required = spec.required if spec.required is not None else not (has_default or has_null)
    is_nullable = has_null or (not is_required and spec.default is None)
    param = Param(
        name=spec.name,
        type=type_,
        source=source,
        required=is_required,
        nullable=is_nullable,
        constraints=resolve_constraints(spec, type_, spot, scope.diagnostics),
        has_default=not is_required,
        default=spec.default,
        description=spec.description,
    )
    if has_default:
        check_default(param, spot, scope)
    has_path = site.path or not (site.spec.rest or site.spot.may_have("rest"))
    is_in_path = spec.name in names if has_path else source is ParamSource.PATH
    for code, key, message in _problems(spec, type_, source, is_required, has_default, is_in_path):
        related, note = _opposite(site, code, key, spot)
        scope.diagnostics.add(code, (spot / key).place, message, related=related, note=note)
    return param


def _opposite(site: Site, code: str, key: str, spot: Spot) -> tuple[Place | None, str]:
    """What a problem of a parameter is in conflict with, if it is with something else that the file says."""
    path, required = site.spot / "rest" / "path", spot / "required"
    if (code == "unplaced-param" or key == "source") and path.is_there:
        return path.place, "the path"
    if key == "default" and required.is_there:
        return required.place, "required"
    return None, ""


def _problems(
    spec: ParamSpec,
    type_: Type,
    source: ParamSource,
    is_required: bool,
    has_default: bool,
    is_in_path: bool,
) -> Iterator[tuple[str, str, str]]:
    """What makes a parameter impossible: a code, the key that says it, and why."""
    if source is ParamSource.PATH and not is_in_path:
        yield "unplaced-param", "name", f"the path does not name {{{spec.name}}}"
    if source is not ParamSource.PATH and is_in_path:
        yield "bad-param", "source", f"the path names {{{spec.name}}}, so that it is no {source} parameter"
    if source is ParamSource.HEADER and spec.name in _HEADERS_OF_HTTP:
        yield "bad-param", "name", _HEADERS_OF_HTTP[spec.name]
    if source is ParamSource.PATH and (has_default or not is_required):
        key = "default" if has_default else "required" if spec.required is not None else "type"
        yield "bad-param", key, "a path parameter always has a value: no default, no null, required"
    if spec.required and has_default:
        yield "bad-param", "default", "a required parameter has no default"
    if not _can_stand(type_, source):
        several = ", or a list or set of these" if source is ParamSource.QUERY else ""
        message = f"a {source} parameter is a scalar or an enum{several}; send anything else as input"
        yield "bad-param", "type", message


def _can_stand(type_: Type, source: ParamSource) -> bool:
    """Whether values of a type can be written there; proxies may join or drop what a header repeats."""
    match type_:
        case ScalarType(scalar):
            return scalar not in _NOT_AS_TEXT
        case ListType(ScalarType() | EnumType() as item) | SetType(ScalarType() | EnumType() as item):
            return source is ParamSource.QUERY and _can_stand(item, source)
        case _:
            return isinstance(type_, EnumType)
