"""Parts of specs as keys, so that what says the same in many places is worked out once."""

from __future__ import annotations

import marshal

from framework.spec.models import FieldSpec
from framework.spec.operations import ParamSpec

_WITHOUT_IDENTITY = 2
"""The version of `marshal` that writes equal values as equal bytes, whether they are one object or two."""


def said(spec: FieldSpec | ParamSpec) -> bytes:
    """What is said of a field or parameter; 1, 1.0 and true are not the same, nor are no default and null."""
    return marshal.dumps((spec.__dict__, "default" in spec.model_fields_set), _WITHOUT_IDENTITY)
