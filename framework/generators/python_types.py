"""Types of the specs as annotations of Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framework.types import Algebra, Scalar, Type, fold, scalars_of


@dataclass(frozen=True, slots=True, order=True)
class PythonName:
    """A name in generated Python: as it is written in an annotation, and the import it needs, if any."""

    text: str
    import_statement: str = ""


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

PLAIN: Mapping[Scalar, PythonName] = {
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
"""Types that a person writes: protocols, operations, clients."""

VALIDATED: Mapping[Scalar, PythonName] = {
    **PLAIN,
    Scalar.INT: PythonName("Int64", "from framework.runtime.types import Int64"),
    Scalar.DECIMAL: PythonName("Decimal15", "from framework.runtime.types import Decimal15"),
    # JSON has no NaN and no infinity, so that a float that is one could be read but never answered.
    Scalar.FLOAT: PythonName("FiniteFloat", "from pydantic import FiniteFloat"),
    Scalar.STRING: PythonName("Text", "from framework.runtime.types import Text"),
    Scalar.EMAIL: PythonName("EmailStr", "from pydantic import EmailStr"),
}
"""Types with the checks that belong to them: fields of schemas, parameters of routes."""


def python(type_: Type, scalars: Mapping[Scalar, PythonName]) -> str:
    """Render an annotation; `scalars` is `PLAIN` or `VALIDATED`."""
    return fold(
        type_,
        Algebra(
            scalar=lambda scalar: scalars[scalar].text,
            list=lambda item: f"list[{item}]",
            set=lambda item: f"set[{item}]",
            dict=lambda value: f"dict[str, {value}]",
            nullable=lambda inner: f"{inner} | None",
            schema=lambda name: name,
            enum=lambda name: name,
        ),
    )


def python_imports(type_: Type, scalars: Mapping[Scalar, PythonName]) -> frozenset[str]:
    """The import statements that the annotation of `type_` needs, those of schemas and enums excepted."""
    found = (scalars[scalar].import_statement for scalar in scalars_of(type_))
    return frozenset(statement for statement in found if statement)
