"""Models and their variants: from what the files say to schemas, each field as each schema has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

from framework.diagnostics import Place
from framework.gaps import Loc
from framework.naming import NameKind, pascal_case
from framework.resolve.constraints import resolve_constraints
from framework.resolve.enums import declare_enum
from framework.resolve.sameness import Said
from framework.resolve.scope import Scope, split_null
from framework.resolve.values import check_default, check_examples
from framework.source import Spot
from framework.system import Field, Schema
from framework.types import Algebra, Scalar, SchemaType, Type, fold

if TYPE_CHECKING:
    from framework.spec.models import FieldSpec, ModelSpec

_WITHOUT_READONLY = frozenset({"Create", "Update"})
_WITHOUT_WRITEONLY = frozenset({"Read"})


class Model(NamedTuple):
    """A model as the specs have it; `said` is what they say of its fields."""

    name: str
    spec: ModelSpec
    spot: Spot
    said: dict[str, Said]


def declare_models(scope: Scope) -> list[Model]:
    """Take the names of all models, variants and enums, so that types may refer to them in any order."""
    models = list(_models(scope))
    for model in models:
        if variants := model.spec.variants:
            holder = model.spot / "variants"
            for variant in variants:
                spot = holder / variant
                scope.named(NameKind.VARIANT, variant, spot)
                scope.declare(model.name + variant, SchemaType(model.name + variant), spot)
        for name, said in model.said.items():
            if said.may_be_enum:
                spot = model.spot / "fields" / name
                declare_enum(model.name + pascal_case(name), model.spec.fields[name], spot, scope)
    return models


def _models(scope: Scope) -> Iterator[Model]:
    for loaded in scope.specs.models:
        scope.unread.update(_unread(loaded.source.gaps.lost))
        holder = loaded.spot / "models"
        for name, spec in loaded.spec.models.items():
            spot = holder / name
            # A model with a bad name is resolved all the same, for the mistakes inside and references to it.
            scope.named(NameKind.MODEL, name, spot)
            if scope.declare(name, SchemaType(name), spot):
                said = {field: scope.sameness.said(each) for field, each in spec.fields.items()}
                yield Model(name, spec, spot, said)
            else:
                scope.doubled.add(name)


def _unread(lost: Iterable[Loc]) -> Iterator[tuple[str, str]]:
    for loc in lost:
        match loc:
            case ("models", str(model), "fields", str(field), *_):
                yield model, field


def resolve_models(models: list[Model], scope: Scope) -> dict[str, Schema]:
    """All schemas by name, those that nothing needs among them."""
    schemas: dict[str, Schema] = {}
    for model in models:
        fields = _resolve_fields(model, scope)
        description = model.spec.description
        schemas[model.name] = Schema(model.name, model.name, None, description, tuple(fields.values()))
        for variant in model.spec.variants:
            kept = _vary(model, fields, variant, scope)
            name = model.name + variant
            schemas[name] = Schema(name, model.name, variant, description, kept)
    return schemas


def needed_schemas(models: list[Model], schemas: dict[str, Schema], scope: Scope) -> tuple[Schema, ...]:
    """The schemas that become classes, by name.

    A model with variants is its variants; it has a class of its own name only if something refers to it.
    """
    with_variants = {model.name for model in models if model.spec.variants}
    return tuple(schemas[name] for name in sorted(schemas) if name not in with_variants or name in scope.used)


def _resolve_fields(model: Model, scope: Scope) -> dict[str, Field]:
    fields = {}
    for name, said in model.said.items():
        if field := _field(model, name, said, scope):
            fields[name] = field
        else:
            scope.unread.add((model.name, name))
    if not model.said and not model.spot.may_have("fields"):
        scope.diagnostics.add("bad-variant", (model.spot / "fields").key, "a model has at least one field")
    return fields


def _field(model: Model, name: str, said: Said, scope: Scope) -> Field | None:
    """A field; models that say the same of it have the same object, worked out once."""
    enum = model.name + pascal_case(name) if said.speaks_of_enum else ""
    key = (name, enum, said.key)
    if known := scope.fields.get(key):
        return known
    spot = model.spot / "fields" / name
    scope.named(NameKind.FIELD, name, spot)
    field = _resolve_field(enum, name, model.spec.fields[name], spot, scope)
    # Mistakes are told wherever they stand.
    if field and not scope.diagnostics:
        scope.fields[key] = field
    return field


def _resolve_field(enum: str, name: str, spec: FieldSpec, spot: Spot, scope: Scope) -> Field | None:
    type_ = scope.type(spec.type, spot, "type", enum=enum)
    if type_ is None:
        return None
    type_, has_null = split_null(type_)
    if "set" in spec.type:
        _check_set_items(type_, spot, scope)
    nullable = has_null or spec.optional
    has_default = "default" in spec.model_fields_set
    field = Field(
        name=name,
        type=type_,
        required=not (nullable or has_default),
        nullable=nullable,
        constraints=resolve_constraints(spec, type_, spot, scope.diagnostics),
        has_default=nullable or has_default,
        default=spec.default,
        description=spec.description,
        examples=spec.examples,
        deprecated=spec.deprecated,
    )
    if has_default:
        check_default(field, spot, scope)
    check_examples(field, spot, scope)
    return field


def _vary(model: Model, fields: dict[str, Field], variant: str, scope: Scope) -> tuple[Field, ...]:
    """The fields that a variant has, as it has them."""
    spec = model.spec.variants[variant]
    names = _kept(model, variant)
    _check_variant(model, variant, names, scope)
    kept = [field for name, field in fields.items() if name in names]
    is_told = any(name not in fields for name in spec.only or ())
    if fields and not kept and not is_told and not any(name == model.name for name, _ in scope.unread):
        place = _rules(model, variant).key
        scope.diagnostics.add("bad-variant", place, f"no field is left in {model.name}{variant}")
    if not spec.optional:
        return tuple(kept)
    optional = fields if spec.optional == "all" else spec.optional
    return tuple([_made_optional(field, scope) if field.name in optional else field for field in kept])


def _kept(model: Model, variant: str) -> Set[str]:
    """The names of the fields that a variant has."""
    spec = model.spec.variants[variant]
    names = model.spec.fields.keys()
    kept = names & spec.only if spec.only is not None else names - set(spec.exclude)
    if variant in _WITHOUT_READONLY:
        kept -= {name for name, said in model.said.items() if said.is_readonly}
    if variant in _WITHOUT_WRITEONLY:
        kept -= {name for name, said in model.said.items() if said.is_writeonly}
    return kept


def _made_optional(field: Field, scope: Scope) -> Field:
    """The field where it may be absent: nothing stands in for it then, so that absent differs from null."""
    made = scope.optional_fields.get(id(field))
    if made is None:
        made = field._replace(required=False, has_default=field.nullable, default=None)
        scope.optional_fields[id(field)] = made
    return made


def _rules(model: Model, variant: str) -> Spot:
    """Where it is said what a variant makes of the fields."""
    return model.spot / "variants" / variant


def _check_variant(model: Model, variant: str, kept: Set[str], scope: Scope) -> None:
    spec = model.spec.variants[variant]
    if spec.only is not None and spec.exclude:
        spot = _rules(model, variant)
        message = "a variant has either only or exclude"
        scope.diagnostics.add("bad-variant", (spot / "exclude").key, message, related=(spot / "only").key)
    if spec.only is None and not spec.exclude and spec.optional in {(), "all"}:
        return
    for key, names in (("only", spec.only or ()), ("exclude", spec.exclude), ("optional", spec.optional)):
        for index, name in enumerate(names if names != "all" else ()):
            if (model.name, name) in scope.unread or scope.is_misnamed(NameKind.FIELD, name):
                continue
            if name not in model.spec.fields:
                at = (_rules(model, variant) / key / index).place
                hint = scope.diagnostics.did_you_mean(name, model.spec.fields)
                scope.diagnostics.add("unknown-field", at, f"{model.name} has no field {name!r}", hint=hint)
            elif key != "exclude" and name not in kept:
                at = (_rules(model, variant) / key / index).place
                message = f"{model.name}{variant} has no field {name!r}"
                related, note = _exclusion(model, variant, name)
                scope.diagnostics.add("bad-variant", at, message, related=related, note=note)


def _exclusion(model: Model, variant: str, name: str) -> tuple[Place, str]:
    """Where it is said that a variant does not have a field, and how."""
    spec, field, spot = model.spec.variants[variant], model.spec.fields[name], model.spot / "fields" / name
    if field.readonly and variant in _WITHOUT_READONLY:
        return (spot / "readonly").key, f"what is readonly is absent from {variant}"
    if field.writeonly and variant in _WITHOUT_WRITEONLY:
        return (spot / "writeonly").key, f"what is writeonly is absent from {variant}"
    rules = _rules(model, variant)
    if spec.only is not None:
        return (rules / "only").key, "the fields that it has"
    return (rules / "exclude" / spec.exclude.index(name)).place, "excluded here"


def _check_set_items(type_: Type, spot: Spot, scope: Scope) -> None:
    """Tell of a set whose items cannot be told apart quickly, which in Python means hashed."""

    def tell(item: bool) -> bool:
        if not item:
            message = "the items of a set are scalars or enums"
            scope.diagnostics.add("bad-type", (spot / "type").place, message, hint="write list[…] instead")
        return False

    fold(
        type_,
        Algebra(
            scalar=lambda scalar: scalar is not Scalar.JSON,
            list=lambda _: False,
            set=tell,
            dict=lambda _: False,
            nullable=lambda inner: inner,
            schema=lambda _: False,
            enum=lambda _: True,
            page=lambda _: False,
        ),
    )


def check_contradictions(models: list[Model], scope: Scope) -> None:
    """Tell of fields that are both readonly and writeonly."""
    if not scope.sameness.has_contradictions:
        return
    for model in models:
        for name, said in model.said.items():
            if said.is_readonly and said.is_writeonly:
                spot = model.spot / "fields" / name
                message = "no field is both readonly and writeonly"
                related = (spot / "readonly").key
                scope.diagnostics.add("bad-variant", (spot / "writeonly").key, message, related=related)
