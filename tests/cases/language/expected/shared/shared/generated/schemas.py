# Generated from shared/spec by `make generate-from-spec`. Do not edit.
"""The data models of the project, as `shared/spec` describes them."""

import datetime as dt
import json
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AnyUrl, Field, FiniteFloat, StrictBool

from framework.runtime.emails import CheckedEmail
from framework.runtime.failures import OperationFailed as OperationFailed
from framework.runtime.schema import Schema
from framework.runtime.types import (
    CalendarDate,
    Decimal15,
    Int64,
    LocalTime,
    NotNull,
    Storable,
    StorableDatetime,
    StorableDuration,
    StorableJson,
    StrictFiniteFloat,
    StrictInt64,
    Text,
)


class AliasedClass(StrEnum):
    """The values of `AliasedClass`."""

    CLASS = "class"
    NONE = "None"
    IMPORT = "import"


class DefaultsLevel(StrEnum):
    """The values of `DefaultsLevel`."""

    LOW = "low"
    HIGH = "high"


class DefaultsLevels(StrEnum):
    """The values of `DefaultsLevels`."""

    LOW = "low"
    HIGH = "high"


class FindThingsColours(StrEnum):
    """The values of `FindThingsColours`."""

    RED = "red"
    GREEN = "green"


class FindThingsKind(StrEnum):
    """The values of `FindThingsKind`."""

    NEW = "new"
    USED = "used"


class ShowDefaultsTheme(StrEnum):
    """The values of `ShowDefaultsTheme`."""

    DARK = "dark"
    LIGHT = "light"


class SweepKind(StrEnum):
    """The values of `SweepKind`."""

    STALE = "stale"
    BROKEN = "broken"


class SweepThingsKind(StrEnum):
    """The values of `SweepThingsKind`."""

    ALL = "all"
    OLD = "old"


class ThingColours(StrEnum):
    """The values of `ThingColours`."""

    RED = "red"
    GREEN = "green"


class ThingKind(StrEnum):
    """The values of `ThingKind`."""

    IN_STOCK = "in stock"
    SOLD_OUT = "sold-out"
    VALUE_3D = "3d"


class AliasedCreate(Schema):
    """Names that Python has other uses for.

    The variant `Create` of `Aliased`.
    """

    from_: Annotated[str, Field(alias="from", min_length=1, description="Who sent it."), Storable()]
    class_: Annotated[AliasedClass, Field(alias="class")] = AliasedClass.NONE
    copy_: Annotated[StrictInt64, Field(alias="copy")] = 1
    json_: Annotated[StorableJson | None, Field(alias="json")] = None
    notes: StorableJson = Field(default_factory=lambda: json.loads("{}"))
    list_: Annotated[list[StrictInt64], Field(alias="list")] = Field(default_factory=lambda: [1])
    str_: Annotated[Text, Field(alias="str")] = "a"
    self: set[StrictInt64] | None = None
    type: Text


class AliasedKey(Schema):
    """Names that Python has other uses for.

    The variant `Key` of `Aliased`.
    """

    from_: Annotated[str, Field(alias="from", min_length=1, description="Who sent it."), Storable()]
    copy_: Annotated[Int64, Field(alias="copy")] = 1


class AliasedRead(Schema):
    """Names that Python has other uses for.

    The variant `Read` of `Aliased`.
    """

    from_: Annotated[str, Field(alias="from", min_length=1, description="Who sent it."), Storable()]
    class_: Annotated[AliasedClass, Field(alias="class")] = AliasedClass.NONE
    copy_: Annotated[Int64, Field(alias="copy")] = 1
    json_: Annotated[StorableJson | None, Field(alias="json")] = None
    notes: StorableJson = Field(default_factory=lambda: json.loads("{}"))
    schema_: Annotated[Text, Field(alias="schema")]
    list_: Annotated[list[Int64], Field(alias="list")] = Field(default_factory=lambda: [1])
    str_: Annotated[Text, Field(alias="str")] = "a"
    self: set[Int64] | None = None
    type: Text


class AliasedUpdate(Schema):
    """Names that Python has other uses for.

    The variant `Update` of `Aliased`.
    """

    from_: Annotated[
        str | None,
        NotNull(),
        Field(alias="from", min_length=1, description="Who sent it."),
        Storable(),
    ] = None
    class_: Annotated[AliasedClass | None, NotNull(), Field(alias="class")] = None
    copy_: Annotated[StrictInt64 | None, NotNull(), Field(alias="copy")] = None
    json_: Annotated[StorableJson | None, Field(alias="json")] = None
    notes: StorableJson = None
    list_: Annotated[list[StrictInt64] | None, NotNull(), Field(alias="list")] = None
    str_: Annotated[Text | None, NotNull(), Field(alias="str")] = None
    self: set[StrictInt64] | None = None
    type: Annotated[Text | None, NotNull()] = None


class Case(Schema):
    """The model `Case`."""

    number: Int64
    opened: StorableDatetime | None = None


class CaseOpen(Schema):
    """The variant `Open` of `Case`."""

    number: StrictInt64


class Person(Schema):
    """The model `Person`."""

    works_at: "Company | None" = None
    knows: "list[Person]"


class Company(Schema):
    """The model `Company`."""

    name: Text = "nobody"
    owner: Person | None = None


class Defaults(Schema):
    """A default of every type."""

    count: Annotated[Int64, Field(ge=-5)] = -5
    share: FiniteFloat = 1.0
    price: Annotated[
        Decimal15, Field(ge=Decimal("0.01"), le=Decimal("99.99"), multiple_of=Decimal("0.01"))
    ] = Decimal("9.90")
    rate: Decimal15 = Decimal("0.25")
    is_on: bool = True
    title: Annotated[str, Field(min_length=1, max_length=20, pattern="^a"), Storable()] = (
        'a "title"'
    )
    picture: bytes = b"\x00\xff\xfe"
    day: CalendarDate = dt.date(2024, 2, 29)
    opens: LocalTime = dt.time(8, 30)
    closes: LocalTime = dt.time(18, 0, 0, 250000)
    since: StorableDatetime = dt.datetime(2024, 1, 1, 0, 0, tzinfo=dt.UTC)
    until: StorableDatetime = dt.datetime(
        2024, 12, 31, 23, 59, 59, tzinfo=dt.timezone(dt.timedelta(hours=1, minutes=30))
    )
    local: StorableDatetime = dt.datetime(
        2024, 12, 31, 23, 59, tzinfo=dt.timezone(-dt.timedelta(hours=2))
    )
    lasts: StorableDuration = dt.timedelta(days=1, hours=2)
    blinks: StorableDuration = -dt.timedelta(milliseconds=500)
    never: StorableDuration = dt.timedelta()
    code: UUID = UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e")
    contact: CheckedEmail = "nobody@example.org"
    page: AnyUrl = AnyUrl("https://example.org/a?b=c")
    extra: StorableJson = Field(default_factory=lambda: json.loads('{"a": [1, null, {"b": "c"}]}'))
    level: DefaultsLevel = DefaultsLevel.LOW
    levels: list[DefaultsLevels] = Field(
        default_factory=lambda: [DefaultsLevels.HIGH, DefaultsLevels.LOW]
    )
    marks: set[Text] = Field(default_factory=lambda: {"b", "a"})
    days: Annotated[set[CalendarDate], Field(max_length=7)] = Field(default_factory=set)
    prices: dict[Text, Decimal15] = Field(default_factory=lambda: {"small": Decimal("1.5")})
    free: dict[Text, Int64] = Field(default_factory=dict)
    steps: list[list[StorableDuration | None]] = Field(
        default_factory=lambda: list[list[dt.timedelta | None]](
            [[dt.timedelta(minutes=1), None], []]
        )
    )
    gaps: list[Int64 | None] = Field(default_factory=lambda: list[int | None]([1]))
    rows: list[dict[Text, Int64]] = Field(default_factory=lambda: list[dict[str, int]]([{}]))
    mixed: list[StorableJson] = Field(default_factory=lambda: json.loads('["a", 1]'))
    seen: StorableDatetime | None = dt.datetime(2024, 1, 1, 0, 0, tzinfo=dt.UTC)
    cases: list[Case] = Field(default_factory=list)
    note: Annotated[str | None, Field(max_length=5), Storable()] = None


class ShelfCreate(Schema):
    """The variant `Create` of `Shelf`."""

    label: Annotated[str, Field(min_length=1, max_length=20), Storable()]
    price: Decimal15
    code: UUID
    made_on: CalendarDate
    added_at: StorableDatetime


class ShelfRead(Schema):
    """The variant `Read` of `Shelf`."""

    id: Int64
    label: Annotated[str, Field(min_length=1, max_length=20), Storable()]
    price: Decimal15
    code: UUID
    made_on: CalendarDate
    added_at: StorableDatetime
    version: Int64


class ShelfRemoved(Schema):
    """The model `ShelfRemoved`."""

    shelf_id: Int64


class ShelfUpdate(Schema):
    """The variant `Update` of `Shelf`."""

    label: Annotated[str | None, NotNull(), Field(min_length=1, max_length=20), Storable()] = None
    price: Annotated[Decimal15 | None, NotNull()] = None
    code: Annotated[UUID | None, NotNull()] = None
    made_on: Annotated[CalendarDate | None, NotNull()] = None
    added_at: Annotated[StorableDatetime | None, NotNull()] = None


class Sweep(Schema):
    """The model `Sweep`."""

    days: Annotated[StrictInt64, Field(ge=1, lt=3650)] = 30
    kind: SweepKind = SweepKind.STALE


class ThingCreate(Schema):
    """Something that is sold: "quoted", 'single', back\\slash, \"\"\"three\"\"\", {braces} and
    {{ two }}.

    - A list, the lines of which are long enough that they must be wrapped somewhere before
      the margin is reached;
    - tab   and bell "\\a".

    The variant `Create` of `Thing`.
    """

    name: Annotated[
        str,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
        Storable(),
    ]
    kind: ThingKind = ThingKind.IN_STOCK
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=lambda: ['a"b'])
    labels: dict[Text, Text] = Field(default_factory=lambda: {"a": "1"})
    price: Annotated[Decimal15, Field(ge=0, multiple_of=Decimal("0.01"), examples=["9.99"])]
    weight: Annotated[StrictFiniteFloat, Field(gt=0)] = 1.0
    is_fragile: Annotated[StrictBool, Field(deprecated=True)] = False
    picture: bytes | None = None
    made_on: CalendarDate
    opens_at: LocalTime | None = None
    lasts: StorableDuration
    code: UUID
    contact: CheckedEmail
    page: AnyUrl
    extra: StorableJson | None = None
    sizes: Annotated[set[StrictInt64], Field(min_length=1)]
    matrix: Annotated[
        list[dict[Text, StrictInt64 | None]] | None,
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

    id: StrictInt64
    name: Annotated[
        str,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
        Storable(),
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
        str,
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
        Storable(),
    ]
    kind: ThingKind = ThingKind.IN_STOCK
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=lambda: ['a"b'])
    labels: dict[Text, Text] = Field(default_factory=lambda: {"a": "1"})
    price: Annotated[Decimal15, Field(ge=0, multiple_of=Decimal("0.01"), examples=["9.99"])]
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0
    is_fragile: Annotated[bool, Field(deprecated=True)] = False
    made_on: CalendarDate
    opens_at: LocalTime | None = None
    added_at: StorableDatetime
    lasts: StorableDuration
    code: UUID
    contact: CheckedEmail
    page: AnyUrl
    extra: StorableJson | None = None
    sizes: Annotated[set[Int64], Field(min_length=1)]
    matrix: Annotated[
        list[dict[Text, Int64 | None]] | None,
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
        str | None,
        NotNull(),
        Field(min_length=1, pattern="^[^\"'\\\\]+$", description='It says "hello"\n\\ and """.'),
        Storable(),
    ] = None
    kind: Annotated[ThingKind | None, NotNull()] = None
    colours: list[ThingColours] | None = None
    tags: Annotated[list[Text] | None, NotNull(), Field(max_length=10)] = None
    notes: Annotated[list[Text] | None, NotNull()] = None
    labels: Annotated[dict[Text, Text] | None, NotNull()] = None
    price: Annotated[
        Decimal15 | None, NotNull(), Field(ge=0, multiple_of=Decimal("0.01"), examples=["9.99"])
    ] = None
    weight: Annotated[StrictFiniteFloat | None, NotNull(), Field(gt=0)] = None
    is_fragile: Annotated[StrictBool | None, NotNull(), Field(deprecated=True)] = None
    picture: bytes | None = None
    made_on: Annotated[CalendarDate | None, NotNull()] = None
    opens_at: LocalTime | None = None
    lasts: Annotated[StorableDuration | None, NotNull()] = None
    code: Annotated[UUID | None, NotNull()] = None
    contact: Annotated[CheckedEmail | None, NotNull()] = None
    page: Annotated[AnyUrl | None, NotNull()] = None
    extra: StorableJson | None = None
    sizes: Annotated[set[StrictInt64] | None, NotNull(), Field(min_length=1)] = None
    matrix: Annotated[
        list[dict[Text, StrictInt64 | None]] | None,
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
