"""Parts of specs as keys, so that what says the same in many places is worked out once."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from framework.spec.models import FieldSpec
    from framework.spec.operations import ParamSpec

_WITHOUT_IDENTITY = 2
"""The version of `marshal` that writes equal values as equal bytes, whether they are one object or two."""


class Said(NamedTuple):
    """What a spec says of a field or parameter: all of it as a key, and what is asked of it again and again.

    1, 1.0 and true are not the same in the key, nor are no default and null. `may_be_enum` says whether there
    is an enumeration, or was meant to be one, and `speaks_of_enum` whether the type has the word. A parameter
    is neither readonly nor writeonly.
    """

    key: bytes
    may_be_enum: bool
    speaks_of_enum: bool
    is_readonly: bool
    is_writeonly: bool


class Sameness:
    """Knows what specs say of fields and parameters; most are one object in many places."""

    def __init__(self) -> None:
        self._said: dict[int, Said] = {}
        self.has_contradictions = False
        """Whether something was said to be both readonly and writeonly."""

    def said(self, spec: FieldSpec | ParamSpec) -> Said:
        """What is said. The spec must live as long as this does."""
        said = self._said.get(id(spec))
        if said is None:
            parts = spec.__dict__, "default" in spec.model_fields_set
            speaks_of_enum = "enum" in spec.type
            said = self._said[id(spec)] = Said(
                marshal.dumps(parts, _WITHOUT_IDENTITY),
                may_be_enum=speaks_of_enum or spec.values is not None,
                speaks_of_enum=speaks_of_enum,
                is_readonly=getattr(spec, "readonly", False),
                is_writeonly=getattr(spec, "writeonly", False),
            )
            self.has_contradictions |= said.is_readonly and said.is_writeonly
        return said
