"""Types of the specs as annotations of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from framework.types import Algebra, Scalar, Type, fold


class PythonName(NamedTuple):
    """A name in generated Python: as it is written in an annotation, and the import it needs, if any."""

    text: str
    import_statement: str = ""


class PythonType(NamedTuple):
    """A type as an annotation, and what that uses: import statements, and the names of schemas and enums."""

    text: str
    imports: frozenset[str]
    references: frozenset[str]


PythonTypes = Callable[[Type], PythonType]


def _python(scalars: Mapping[Scalar, PythonName]) -> PythonTypes:
    key = _scalar(scalars[Scalar.STRING])
    algebra: Algebra[PythonType] = Algebra(
        scalar={scalar: _scalar(name) for scalar, name in scalars.items()}.__getitem__,
        list=lambda item: item._replace(text=f"list[{item.text}]"),
        set=lambda item: item._replace(text=f"set[{item.text}]"),
        dict=lambda value: PythonType(
            f"dict[{key.text}, {value.text}]", value.imports | key.imports, value.references
        ),
        nullable=lambda inner: inner._replace(text=f"{inner.text} | None"),
        schema=_named,
        enum=_named,
        page=lambda item: item._replace(text=f"Page[{item.text}]", imports=item.imports | _PAGE),
    )

    @lru_cache(maxsize=16_384)  # the modules of a domain are about the same types
    def render(type_: Type) -> PythonType:
        return fold(type_, algebra)

    return render


_PAGE = frozenset({"from framework.runtime.pages import Page"})


def _scalar(name: PythonName) -> PythonType:
    return PythonType(name.text, frozenset(filter(None, [name.import_statement])), frozenset())


@lru_cache(maxsize=16_384)  # they are called the same in all algebras
def _named(name: str) -> PythonType:
    return PythonType(name, frozenset(), frozenset([name]))


# `import datetime as dt`, so that a field may be called `date`, `time` or `datetime`: in a class body a
# field with a default hides the type of that name from the fields after it.
_DATES: Mapping[Scalar, PythonName] = {
    scalar: PythonName(f"dt.{name}", "import datetime as dt")
    for scalar, name in (
        (Scalar.DATE, "date"),
        (Scalar.TIME, "time"),
        (Scalar.DATETIME, "datetime"),
        (Scalar.DURATION, "timedelta"),
    )
}

_PLAIN: Mapping[Scalar, PythonName] = {
    **_DATES,
    Scalar.INT: PythonName("int"),
    Scalar.FLOAT: PythonName("float"),
    Scalar.DECIMAL: PythonName("Decimal", "from decimal import Decimal"),
    Scalar.BOOL: PythonName("bool"),
    Scalar.STRING: PythonName("str"),
    Scalar.BYTES: PythonName("bytes"),
    Scalar.UUID: PythonName("UUID", "from uuid import UUID"),
    Scalar.EMAIL: PythonName("str"),
    Scalar.URL: PythonName("AnyUrl", "from pydantic import AnyUrl"),
    Scalar.JSON: PythonName("JsonValue", "from pydantic import JsonValue"),
}

_VALIDATED: Mapping[Scalar, PythonName] = {
    **_PLAIN,
    Scalar.INT: PythonName("Int64", "from framework.runtime.types import Int64"),
    Scalar.DECIMAL: PythonName("Decimal15", "from framework.runtime.types import Decimal15"),
    # JSON has no NaN and no infinity, so that a float that is one could be read but never answered.
    Scalar.FLOAT: PythonName("FiniteFloat", "from pydantic import FiniteFloat"),
    Scalar.STRING: PythonName("Text", "from framework.runtime.types import Text"),
    Scalar.EMAIL: PythonName("CheckedEmail", "from framework.runtime.emails import CheckedEmail"),
    Scalar.DATE: PythonName("CalendarDate", "from framework.runtime.types import CalendarDate"),
    Scalar.TIME: PythonName("LocalTime", "from framework.runtime.types import LocalTime"),
    Scalar.DATETIME: PythonName("StorableDatetime", "from framework.runtime.types import StorableDatetime"),
    Scalar.DURATION: PythonName("StorableDuration", "from framework.runtime.types import StorableDuration"),
    Scalar.JSON: PythonName("StorableJson", "from framework.runtime.types import StorableJson"),
}

_STRICT: Mapping[Scalar, PythonName] = {
    Scalar.INT: PythonName("StrictInt64", "from framework.runtime.types import StrictInt64"),
    Scalar.FLOAT: PythonName("StrictFiniteFloat", "from framework.runtime.types import StrictFiniteFloat"),
    Scalar.BOOL: PythonName("StrictBool", "from pydantic import StrictBool"),
}
"""What JSON has a form for of its own; of parameters everything is text."""

_REQUESTED: Mapping[Scalar, PythonName] = {
    **_VALIDATED,
    Scalar.BYTES: PythonName("Base64Bytes", "from framework.runtime.types import Base64Bytes"),
}

plain: PythonTypes = _python(_PLAIN)
"""Renders types that a person writes: protocols, operations, clients."""

validated: PythonTypes = _python(_VALIDATED)
"""Renders types with the checks that belong to them: fields of schemas."""

sent: PythonTypes = _python({**_VALIDATED, **_STRICT})
"""Renders those of schemas that requests bring: a number is a number, and no text of digits."""

requested: PythonTypes = _python(_REQUESTED)
"""Renders the same where no schema says how bytes are written: parameters and answers of routes."""

carried: PythonTypes = _python({**_REQUESTED, **_STRICT})
"""Renders those of the bodies of requests."""
