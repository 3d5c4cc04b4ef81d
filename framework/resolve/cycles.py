"""Models that require each other, so that none of them can be built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from framework.resolve.models import Model
from framework.resolve.scope import Scope
from framework.system import Schema
from framework.types import SchemaType


def check_cycles(models: list[Model], schemas: dict[str, Schema], scope: Scope) -> None:
    """Tell of schemas that require each other, so that building one would never end."""
    spots = {model.name: model.spot for model in models}
    needs = {name: _needs(schema, scope.unread) for name, schema in schemas.items()}
    for cycle in _cycles({name: set(targets) for name, targets in needs.items()}):
        chain = ", ".join(
            f"{name} needs {target}" for name, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )
        fields = (
            spots[schemas[name].model] / "fields" / needs[name][target] / "type"
            for name, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )
        place, *others = (field.place for field in fields)
        message, hint = f"none of these can be built: {chain}", "make one of these fields optional, or a list"
        related = others[0] if others else None
        scope.diagnostics.add(
            "model-cycle", place, message, hint=hint, related=related, note="the next field"
        )


def _needs(schema: Schema, unread: set[tuple[str, str]]) -> dict[str, str]:
    """The schemas that an object of a schema cannot be without, and the field that needs each."""
    return {
        field.type.name: field.name
        for field in schema.fields
        if field.required and isinstance(field.type, SchemaType) and (schema.model, field.name) not in unread
    }


def _cycles(needs: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """One cycle of each group of names that need each other.

    Takes away what needs nothing, again and again; without recursion and in linear time, since chains can be
    long. What is left when nothing can be taken away leads into a cycle.
    """
    left = {name: targets & needs.keys() for name, targets in needs.items()}
    needed_by: defaultdict[str, list[str]] = defaultdict(list)
    for name, targets in left.items():
        for target in targets:
            needed_by[target].append(name)
    free = [name for name, targets in left.items() if not targets]
    while left:
        while free:
            gone = free.pop()
            left.pop(gone, None)
            for name in needed_by.pop(gone, ()):
                if name in left:
                    left[name].discard(gone)
                    free.extend(() if left[name] else (name,))
        if left:
            cycle = _first_cycle(left)
            yield cycle
            free.extend(cycle)


def _first_cycle(left: dict[str, set[str]]) -> tuple[str, ...]:
    """Walk until a name comes again; the cycle begins with the first of its names."""
    path: dict[str, None] = {}
    name = min(left)
    while name not in path:
        path[name] = None
        name = min(left[name])
    cycle = list(path)[list(path).index(name) :]
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first])
