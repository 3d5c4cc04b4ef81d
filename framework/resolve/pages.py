"""Lists in pages: whether an operation can give them, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from framework.naming import NameKind
from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.source import Spot
from framework.system import (
    NO_LIMITS,
    Constraints,
    Field,
    Pagination,
    Param,
    ParamRole,
    ParamSource,
    Schema,
)
from framework.types import ListType, Scalar, ScalarType, SchemaType, Type

if TYPE_CHECKING:
    from framework.spec.operations import PaginateConfig

_ORDERED: Final = frozenset(
    {
        *(Scalar.INT, Scalar.DECIMAL, Scalar.STRING, Scalar.EMAIL),
        *(Scalar.UUID, Scalar.DATE, Scalar.DATETIME),
    }
)
"""Scalars that every database puts into the same order as it compares them in, and that fit into a cursor."""
_TIEBREAK: Final = "id"
_USUAL_LIMIT: Final = 20
_ARGUMENT: Final = "page"
"""The argument in which a controller gets what the parameters say."""
PAGE_CLASSES: Final = ("AsyncIterator", "Cursor", "Page", "PageOrder", "PageRequest")
"""What generated code imports where there are pages; elsewhere models may be called so."""
_PARAMS: Final = frozenset({*ParamRole, _ARGUMENT})


def resolve_pagination(
    site: Site, output: Type | None, schemas: Mapping[str, Schema], scope: Scope
) -> Pagination | None:
    """The order of an operation's pages; None, with diagnostics, if it has none or cannot have any."""
    spec = site.spec.paginate
    if spec is None:
        return None
    spot = site.spot / "paginate"
    _check_transports(site, spot, scope)
    _check_names(site, scope)
    if spec.default is not None and spec.default > spec.max:
        message = f"a page has {spec.default} items by default, and at most {spec.max}"
        related = (spot / "max").place if (spot / "max").is_there else None
        scope.diagnostics.add("bad-pagination", (spot / "default").place, message, related=related)
    match output:
        case ListType(SchemaType(name)) if name in schemas:
            return _order(site, spec, schemas[name], spot, scope)
        case None if site.spec.output is not None or site.may_have("output"):
            return None
    message = f"only a list of models has pages, and {site.name!r} gives {site.spec.output or 'nothing'}"
    related = (site.spot / "output").place if site.spec.output is not None else None
    hint = "write output: list[<Model>], or remove paginate"
    scope.diagnostics.add("bad-pagination", spot.key, message, hint=hint, related=related, note="the output")
    return None


def check_page_classes(sites: Iterable[Site], scope: Scope) -> None:
    """Tell, once, of models that have the names of the classes which lists in pages use."""
    for site in sites:
        if site.spec.paginate:
            for name in PAGE_CLASSES:
                scope.refuse_class(name, "of lists in pages", site.spot / "paginate", is_key=True)
            return


def page_params(spec: PaginateConfig) -> tuple[Param, ...]:
    """The parameters that a list in pages has besides its own."""
    default = min(_USUAL_LIMIT, spec.max) if spec.default is None else spec.default
    return (
        Param(
            name="limit",
            type=ScalarType(Scalar.INT),
            source=ParamSource.QUERY,
            required=False,
            nullable=False,
            constraints=Constraints(ge=1, le=spec.max),
            has_default=True,
            default=default,
            description="The most items of the page.",
            role=ParamRole.LIMIT,
        ),
        Param(
            name="cursor",
            type=ScalarType(Scalar.STRING),
            source=ParamSource.QUERY,
            required=False,
            nullable=True,
            constraints=NO_LIMITS,
            has_default=True,
            description="`next_cursor` of the page before; left out, the first page.",
            role=ParamRole.CURSOR,
        ),
    )


def _check_transports(site: Site, spot: Spot, scope: Scope) -> None:
    """Pages are turned by who asks: over HTTP, with GET."""
    rest = site.spec.rest
    if rest is None and not site.may_have("rest"):
        message = f"pages are asked for over HTTP, and {site.name!r} has no rest"
        hint = "give it rest: {method: GET, path: …}, or remove paginate"
        scope.diagnostics.add("bad-pagination", spot.key, message, hint=hint)
    elif rest is not None and rest.method != "GET":
        message = f"pages are asked for with GET, and not with {rest.method}"
        related = (site.spot / "rest" / "method").place
        hint = "make it a GET, whose filters are query parameters, or remove paginate"
        scope.diagnostics.add(
            "bad-pagination", spot.key, message, hint=hint, related=related, note="the method"
        )
    for key, caller in (("events", "events turn no pages"), ("schedule", "the clock turns no pages")):
        if getattr(site.spec, key) is not None:
            hint = f"leave {key} to another operation"
            related = (site.spot / key).key
            scope.diagnostics.add(
                "bad-pagination", spot.key, caller, hint=hint, related=related, note=f"its {key}"
            )


def _check_names(site: Site, scope: Scope) -> None:
    for index, param in enumerate(site.spec.params):
        if param.name in _PARAMS:
            place = (site.spot / "params" / index / "name").place
            message = f"the parameter {param.name!r} comes with paginate"
            if param.name == _ARGUMENT:
                message = f"{param.name!r} is what a controller gets the cursor and the limit in"
            hint = "give it another name" if param.name == _ARGUMENT else "remove it, or give it another name"
            related = (site.spot / "paginate").key
            scope.diagnostics.add("duplicate-name", place, message, hint=hint, related=related)
    iterator = f"iter_{site.name}"
    if iterator in site.file.spec.operations:
        message = f"clients go through the pages of {site.name!r} with a method of the name {iterator!r}"
        spot = site.file.spot / "operations" / iterator
        related = (site.spot / "paginate").key
        scope.diagnostics.add("duplicate-name", spot.key, message, hint="rename it", related=related)


def _order(site: Site, spec: PaginateConfig, schema: Schema, spot: Spot, scope: Scope) -> Pagination | None:
    """The fields by which items are ordered: the key, and what decides between equal ones."""
    is_descending = spec.key.startswith("-")
    key = spec.key.removeprefix("-")
    fields = {field.name: field for field in schema.fields}
    if spec.then is None and key != _TIEBREAK and _TIEBREAK not in fields:
        message = f"items with equal {key} have no order, and {schema.name} has no {_TIEBREAK!r} to decide"
        hint = f"write then: <a field that no two items share>; then: {key} if that is one"
        scope.diagnostics.add("bad-pagination", (spot / "key").place, message, hint=hint)
        return None
    names = [(key, spot / "key"), (spec.then or _TIEBREAK, spot / ("then" if spec.then else "key"))]
    found = [_key(name, place, fields, schema, site, scope) for name, place in dict(names).items()]
    keys = tuple(field for field in found if field)
    return Pagination(keys, is_descending) if len(keys) == len(found) else None


def _key(
    name: str, spot: Spot, fields: Mapping[str, Field], schema: Schema, site: Site, scope: Scope
) -> Field | None:
    """A field of the items by which they can be ordered; None, with a diagnostic, if it is none."""
    field = fields.get(name)
    if field is None:
        if (schema.model, name) not in scope.unread and not scope.is_misnamed(NameKind.FIELD, name):
            hint = scope.diagnostics.did_you_mean(name, fields)
            message = f"{schema.name} has no field {name!r}"
            scope.diagnostics.add("unknown-field", spot.place, message, hint=hint)
        return None
    problem = next(_problems(field), None)
    if problem is None:
        return field
    message, hint = problem
    related = (site.spot / "output").place
    scope.diagnostics.add("bad-pagination", spot.place, message, hint=hint, related=related, note="the items")
    return None


def _problems(field: Field) -> Iterator[tuple[str, str]]:
    if not field.required or field.nullable:
        yield (
            f"not every item has a {field.name!r}, and one without would be on no page",
            "order by a field that always has a value",
        )
    if not (isinstance(field.type, ScalarType) and field.type.scalar in _ORDERED):
        yield (
            f"{field.name!r} is of no type by which pages are ordered",
            "order by an int, decimal, string, uuid, date or datetime",
        )
