"""Parts of specs as keys, so that what says the same in many places is worked out once."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.spec.models import FieldSpec
    from framework.spec.operations import ParamSpec


_WITHOUT_IDENTITY = 2
"""The version of `marshal` that writes equal values as equal bytes, whether they are one object or two."""


class Sameness:
    """Knows what specs say of fields and parameters; most are one object in many places."""

    def __init__(self) -> None:
        self._said: dict[int, bytes] = {}

    def said(self, spec: FieldSpec | ParamSpec) -> bytes:
        """What is said; 1, 1.0 and true are not the same, nor are no default and null.

        The spec must live as long as this does.
        """
        said = self._said.get(id(spec))
        if said is None:
            parts = spec.__dict__, "default" in spec.model_fields_set
            said = self._said[id(spec)] = marshal.dumps(parts, _WITHOUT_IDENTITY)
        return said
