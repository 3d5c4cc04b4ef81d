# Generated from shared/spec by `make generate-from-spec`. Do not edit.
"""The data models of the project, as `shared/spec` describes them."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AnyUrl, EmailStr, Field, FiniteFloat, JsonValue

from framework.runtime.failures import OperationFailed as OperationFailed
from framework.runtime.schema import Schema
from framework.runtime.types import Int64, NotNull, Text


class FindThingsColours(StrEnum):
    """The values of `FindThingsColours`."""

    RED = "red"
    GREEN = "green"


class FindThingsKind(StrEnum):
    """The values of `FindThingsKind`."""

    NEW = "new"
    USED = "used"


class ThingColours(StrEnum):
    """The values of `ThingColours`."""

    RED = "red"
    GREEN = "green"


class ThingKind(StrEnum):
    """The values of `ThingKind`."""

    IN_STOCK = "in stock"
    SOLD_OUT = "sold-out"
    VALUE_3D = "3d"


class Case(Schema):
    """The model `Case`."""

    number: Int64
    opened: dt.datetime | None = None


class CaseOpen(Schema):
    """The variant `Open` of `Case`."""

    number: Int64


class Person(Schema):
    """The model `Person`."""

    works_at: "Company | None" = None
    knows: "list[Person]"


class Company(Schema):
    """The model `Company`."""

    name: Text = "nobody"
    owner: Person | None = None


class ThingCreate(Schema):
    """Something that is sold: "quoted", 'single', back\\slash, \"\"\"three\"\"\", {braces} and
    {{ two }}.

    - A list, the lines of which are long enough that they must be wrapped somewhere before
      the margin is reached;
    - tab   and bell "\\a".

    The variant `Create` of `Thing`.
    """

    name: Annotated[
        Text,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
    ]
    kind: ThingKind = ThingKind.IN_STOCK
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=lambda: ['a"b'])
    labels: dict[str, Text] = Field(default_factory=lambda: {"a": "1"})
    price: Annotated[Decimal, Field(ge=0, multiple_of=0.01, examples=["9.99"])]
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0
    is_fragile: Annotated[bool, Field(deprecated=True)] = False
    picture: bytes | None = None
    made_on: dt.date
    opens_at: dt.time | None = None
    lasts: dt.timedelta
    code: UUID
    contact: EmailStr
    page: AnyUrl
    extra: JsonValue | None = None
    sizes: Annotated[set[Int64], Field(min_length=1)]
    matrix: Annotated[
        list[dict[str, Int64 | None]] | None,
        Field(
            description=(
                "A description so long that its literal would not fit into one line of "
                "the generated module, wherever that was broken; therefore it is cut."
            )
        ),
    ] = None
    maker: Company | None = None


class ThingName(Schema):
    """Something that is sold: "quoted", 'single', back\\slash, \"\"\"three\"\"\", {braces} and
    {{ two }}.

    - A list, the lines of which are long enough that they must be wrapped somewhere before
      the margin is reached;
    - tab   and bell "\\a".

    The variant `Name` of `Thing`.
    """

    id: Int64
    name: Annotated[
        Text,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
    ]


class ThingRead(Schema):
    """Something that is sold: "quoted", 'single', back\\slash, \"\"\"three\"\"\", {braces} and
    {{ two }}.

    - A list, the lines of which are long enough that they must be wrapped somewhere before
      the margin is reached;
    - tab   and bell "\\a".

    The variant `Read` of `Thing`.
    """

    id: Int64
    name: Annotated[
        Text,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
    ]
    kind: ThingKind = ThingKind.IN_STOCK
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=lambda: ['a"b'])
    labels: dict[str, Text] = Field(default_factory=lambda: {"a": "1"})
    price: Annotated[Decimal, Field(ge=0, multiple_of=0.01, examples=["9.99"])]
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0
    is_fragile: Annotated[bool, Field(deprecated=True)] = False
    made_on: dt.date
    opens_at: dt.time | None = None
    added_at: dt.datetime
    lasts: dt.timedelta
    code: UUID
    contact: EmailStr
    page: AnyUrl
    extra: JsonValue | None = None
    sizes: Annotated[set[Int64], Field(min_length=1)]
    matrix: Annotated[
        list[dict[str, Int64 | None]] | None,
        Field(
            description=(
                "A description so long that its literal would not fit into one line of "
                "the generated module, wherever that was broken; therefore it is cut."
            )
        ),
    ] = None
    maker: Company | None = None
    parts: "list[ThingRead]"


class ThingUpdate(Schema):
    """Something that is sold: "quoted", 'single', back\\slash, \"\"\"three\"\"\", {braces} and
    {{ two }}.

    - A list, the lines of which are long enough that they must be wrapped somewhere before
      the margin is reached;
    - tab   and bell "\\a".

    The variant `Update` of `Thing`.
    """

    name: Annotated[
        Text | None,
        NotNull(),
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
    ] = None
    kind: Annotated[ThingKind | None, NotNull()] = None
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text] | None, NotNull(), Field(max_length=10)] = None
    notes: Annotated[list[Text] | None, NotNull()] = None
    labels: Annotated[dict[str, Text] | None, NotNull()] = None
    price: Annotated[
        Decimal | None, NotNull(), Field(ge=0, multiple_of=0.01, examples=["9.99"])
    ] = None
    weight: Annotated[FiniteFloat | None, NotNull(), Field(gt=0)] = None
    is_fragile: Annotated[bool | None, NotNull(), Field(deprecated=True)] = None
    picture: bytes | None = None
    made_on: Annotated[dt.date | None, NotNull()] = None
    opens_at: dt.time | None = None
    lasts: Annotated[dt.timedelta | None, NotNull()] = None
    code: Annotated[UUID | None, NotNull()] = None
    contact: Annotated[EmailStr | None, NotNull()] = None
    page: Annotated[AnyUrl | None, NotNull()] = None
    extra: JsonValue | None = None
    sizes: Annotated[set[Int64] | None, NotNull(), Field(min_length=1)] = None
    matrix: Annotated[
        list[dict[str, Int64 | None]] | None,
        Field(
            description=(
                "A description so long that its literal would not fit into one line of "
                "the generated module, wherever that was broken; therefore it is cut."
            )
        ),
    ] = None
    maker: Company | None = None


Person.model_rebuild()
Company.model_rebuild()
ThingCreate.model_rebuild()
ThingRead.model_rebuild()
ThingUpdate.model_rebuild()
