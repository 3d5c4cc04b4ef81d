"""Versions: whether what an operation reads or changes has one, and whether its callers can speak of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.source import Spot
from framework.system import NO_LIMITS, Param, ParamRole, ParamSource, Schema
from framework.types import Scalar, ScalarType, SchemaType, Type

if TYPE_CHECKING:
    from framework.spec.operations import OperationSpec

REFUSAL: Final = "PreconditionFailed"
"""The error of the runtime by which a change is refused whose caller has seen another version."""
VERSION_CLASSES: Final = ("EntityTag", "IfMatch", "IfNoneMatch", "PreconditionRequired")
"""What generated code imports where there are versions; elsewhere models and errors may be called so."""

_FIELD: Final = "version"
_PARAMS: Final = frozenset({ParamRole.IF_MATCH.value, ParamRole.IF_NONE_MATCH.value})
_CREATED: Final = 201


def changes_a_version(spec: OperationSpec) -> bool:
    """Whether an operation changes something that is there, so that it needs `If-Match`."""
    if not spec.versioned:
        return False
    rest = spec.rest
    return rest is not None and rest.method != "GET" and rest.status != _CREATED


def check_version(site: Site, output: Type | None, schemas: Mapping[str, Schema], scope: Scope) -> None:
    """Tell why an operation cannot be `versioned`, or what contradicts it."""
    if not site.spec.versioned:
        return
    spot = site.spot / "versioned"
    _check_transports(site, spot, scope)
    for index, param in enumerate(site.spec.params):
        if param.name in _PARAMS:
            message = f"the parameter {param.name!r} is read and described by the framework"
            place = (site.spot / "params" / index / "name").place
            scope.diagnostics.add(
                "bad-version", place, message, hint="remove it", related=spot.key, note="versioned"
            )
    if site.may_have("output") or (output is None and site.spec.output is not None):
        return
    match output:
        case None if changes_a_version(site.spec):
            return
        case SchemaType(name) if name in schemas:
            _check_field(site, schemas[name], spot, scope)
            return
    message = f"only a model has a version, and {site.name!r} gives {site.spec.output or 'nothing'}"
    related = (site.spot / "output").place if site.spec.output is not None else None
    hint = "write output: <Model>, or remove versioned"
    scope.diagnostics.add("bad-version", spot.key, message, hint=hint, related=related, note="the output")


def check_version_classes(sites: Iterable[Site], scope: Scope) -> None:
    """Tell, once, of models and errors that have the names of the classes which versions use."""
    for site in sites:
        if site.spec.versioned:
            for name in VERSION_CLASSES:
                scope.refuse_class(name, "of versions", site.spot / "versioned", is_key=True)
            return


def version_params(spec: OperationSpec) -> tuple[Param, ...]:
    """The header that an operation reads because it is `versioned`."""
    if not spec.versioned or spec.rest is None:
        return ()
    if changes_a_version(spec):
        words = (
            "The ETag of what you have seen, or `*`; answered 412 if it is another by now, 428 without it."
        )
        return (_header(ParamRole.IF_MATCH, words),)
    if spec.rest.method == "GET":
        words = "The ETag of what you have; 304 is answered, without a body, if it is still that."
        return (_header(ParamRole.IF_NONE_MATCH, words),)
    return ()


def _header(role: ParamRole, description: str) -> Param:
    return Param(
        name=role.value,
        type=ScalarType(Scalar.STRING),
        source=ParamSource.HEADER,
        required=False,
        nullable=True,
        constraints=NO_LIMITS,
        has_default=True,
        description=description,
        role=role,
    )


def _check_transports(site: Site, spot: Spot, scope: Scope) -> None:
    """Conditions stand in the headers of a request."""
    if site.spec.rest is None and not site.may_have("rest"):
        message = f"versions are told over HTTP, and {site.name!r} has no rest"
        hint = "give it rest: {method: …, path: …}, or remove versioned"
        scope.diagnostics.add("bad-version", spot.key, message, hint=hint)
    callers = [("the clock", site.spot / "schedule")] if site.spec.schedule else []
    if site.subscribes:
        callers.append(("an event", site.spot / "events" / "subscribe"))
    for caller, called in callers:
        message = f"{caller} has seen no version, and brings no If-Match"
        hint = "leave that to another operation"
        scope.diagnostics.add(
            "bad-version", spot.key, message, hint=hint, related=called.key, note="what calls it"
        )


def _check_field(site: Site, schema: Schema, spot: Spot, scope: Scope) -> None:
    if (schema.model, _FIELD) in scope.unread:
        return
    field = next((each for each in schema.fields if each.name == _FIELD), None)
    is_number = field is not None and field.type == ScalarType(Scalar.INT)
    if field is not None and is_number and field.required and not field.nullable:
        return
    message = f"{schema.name} has no {_FIELD!r}"
    if field is not None and not is_number:
        message = f"the {_FIELD!r} of {schema.name} is no int, which grows with every change"
    elif field is not None:
        message = f"{schema.name} may be without a {_FIELD!r}"
    hint = f"write {_FIELD}: {{type: int, readonly: true}} among the fields of {schema.model}"
    related = (site.spot / "output").place
    scope.diagnostics.add("bad-version", spot.key, message, hint=hint, related=related, note="the output")
