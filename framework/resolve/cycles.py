"""Models that require each other, so that none of them can be built."""

from __future__ import annotations

from framework.resolve.graphs import cycles
from framework.resolve.models import Model
from framework.resolve.scope import Scope
from framework.system import Field, Schema
from framework.types import DictType, ListType, ScalarType, SchemaType, Type


def check_cycles(models: list[Model], schemas: dict[str, Schema], scope: Scope) -> None:
    """Tell of schemas that require each other, so that building one would never end."""
    spots = {model.name: model.spot for model in models}
    needs: dict[str, dict[str, str]] = {}
    for name, schema in schemas.items():
        # A variant, which follows its model, needs nothing that its model does not.
        is_free = schema.variant is not None and schema.model not in needs
        if not is_free and (targets := _needs(schema, scope.unread)):
            needs[name] = targets
    for cycle in cycles({name: targets.keys() for name, targets in needs.items()}):
        chain = ", ".join(
            f"{name} needs {target}" for name, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )
        fields = (
            spots[schemas[name].model] / "fields" / needs[name][target] / "type"
            for name, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )
        place, *others = (field.place for field in fields)
        message = f"none of these can be built: {chain}"
        hint = "make one of these fields optional, or a list that may be empty"
        related = others[0] if others else None
        scope.diagnostics.add(
            "model-cycle", place, message, hint=hint, related=related, note="the next field"
        )


def _needs(schema: Schema, unread: set[tuple[str, str]]) -> dict[str, str]:
    """The schemas that an object of a schema cannot be without, and the field that needs each."""
    return {
        type_.name: field.name
        for field in schema.fields
        if field.required
        and not isinstance(field.type, ScalarType)
        and isinstance(type_ := _always_held(field), SchemaType)
        and (schema.model, field.name) not in unread
    }


def _always_held(field: Field) -> Type:
    """The type of what a field never is without: of its items, if it has at least one."""
    has_items = (field.constraints.min_items or 0) > 0
    match field.type:
        case ListType(item) | DictType(item) if has_items:
            return item
        case type_:
            return type_
