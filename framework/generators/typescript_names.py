"""What schemas, scalars and the rest are called in the module of TypeScript types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from framework.generators.schema_forms import Form, SchemaForms
from framework.generators.typescript_types import ALIASES, typescript
from framework.system import System
from framework.types import Scalar, Type, scalars_of


class TypeNames:
    """The names of one system's types; no two of them are the same."""

    def __init__(self, system: System) -> None:
        self.forms = SchemaForms(system)
        taken = {*self.forms.schemas, *(enum.name for enum in system.enums)}
        fields = {field.type for schema in self.forms.schemas.values() for field in schema.fields}
        used = frozenset().union(*map(scalars_of, {*fields, *_called(system)}))
        self.aliases: Mapping[Scalar, str] = {
            scalar: _free(alias.name, taken) for scalar, alias in ALIASES.items() if scalar in used
        }
        """The names of those scalars that occur and that JSON has no word for."""
        self._inputs = {
            name: _free(f"{name}Input", taken) for name in self.forms.schemas if self.forms.has_two(name)
        }
        self.event_map = _free("EventMap", taken)
        self.error_code = _free("ErrorCode", taken)
        self.page = _free("Page", taken)

    def schema(self, name: str, form: Form) -> str:
        """The name of the interface of a schema, as it is sent or as it is answered."""
        return self._inputs.get(name, name) if form is Form.SENT else name

    def types(self, form: Form, module: str = "") -> Callable[[Type], str]:
        """What renders types; in another module than theirs behind the name of that, `types.`."""
        alias = self.aliases.__getitem__
        return typescript(partial(self.schema, form=form), alias, self.page, module)


def _called(system: System) -> Iterator[Type]:
    """The types that clients in TypeScript speak of, besides those of fields."""
    for service in system.services:
        if not service.type.is_python:
            for client in service.clients:
                for operation in client.operations:
                    yield from (param.type for param in operation.params)
                    yield from filter(None, (operation.input, operation.output))


def _free(name: str, taken: set[str]) -> str:
    """A name that no schema, no enum and no other type of the module has; it is taken from now on."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name
