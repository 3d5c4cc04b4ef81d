"""Which names the specs may give, and what becomes of them in Python."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 64

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_BORDERS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_EVENT = re.compile(r"[a-z][a-z0-9]*([._][a-z0-9]+)*\Z")

_ANNOTATIONS = frozenset({"bool", "bytes", "dict", "dt", "float", "int", "list", "set", "str"})
"""Names that annotations in generated code use: inside a class, a member of that name would hide them."""


class NameKind(StrEnum):
    """What is named, with its article."""

    SERVICE = "a service"
    DOMAIN = "a domain"
    OPERATION = "an operation"
    PARAM = "a parameter"
    FIELD = "a field"
    MODEL = "a model"
    VARIANT = "a variant"
    EVENT = "an event"
    ERROR = "an error"


class NameMistake(NamedTuple):
    """Why a name is refused: a code of the catalogue and its words; `meant` is its right form, if any."""

    code: str
    message: str
    meant: str = ""

    @property
    def hint(self) -> str:
        """What to do about it."""
        return f"write {self.meant!r}" if self.meant else ""


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    shape: str
    suggestion: Callable[[str], str]
    reserved: Mapping[str, str]
    reserved_prefixes: tuple[str, ...] = ()
    longest: int = MAX_LENGTH
    has_alias: bool = False
    """Whether Python may have another name for it, so that Python's own words are allowed."""


@lru_cache(maxsize=16_384)
def check_name(kind: NameKind, name: str) -> NameMistake | None:
    """What is wrong with a name, or None."""
    rule = _RULES[kind]
    if len(name) > rule.longest:
        return NameMistake("bad-name", f"the name of {kind} has at most {rule.longest} characters")
    if not rule.pattern.match(name):
        better = rule.suggestion(name)
        meant = better if rule.pattern.match(better) else ""
        return NameMistake("bad-name", f"{name!r} is no name for {kind}: it is written {rule.shape}", meant)
    if keyword.iskeyword(name) and kind is not NameKind.EVENT and not rule.has_alias:
        return NameMistake("reserved-name", f"{name!r} is a word of Python")
    if reason := rule.reserved.get(name):
        return NameMistake("reserved-name", f"{name!r} cannot name {kind}: {reason}")
    if name.startswith(rule.reserved_prefixes):
        prefix = next(filter(name.startswith, rule.reserved_prefixes))
        return NameMistake("reserved-name", f"{name!r} cannot name {kind}: {prefix}… means something else")
    return None


def field_identifier(name: str) -> str:
    """The name of a field in Python: `from_` for `from`, which stays the name in JSON."""
    return f"{name}_" if name in _NOT_IN_CLASSES else name


def argument_identifier(name: str) -> str:
    """The name of a parameter in Python: `from_` for `from`, which stays the name in requests."""
    is_taken = name in _NOT_IN_FUNCTIONS or name.startswith("publish_")
    return f"{name}_" if is_taken else name


def snake_case(name: str) -> str:
    """`UserId` and `user-id` as `user_id`."""
    if _SNAKE.match(name):
        return name
    return _BORDERS.sub("_", name).strip("_").lower()


@lru_cache(maxsize=16_384)
def pascal_case(name: str) -> str:
    """`user_id` as `UserId`; capitals that are there stay."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name))


def constant_case(name: str) -> str:
    """`in progress` as `IN_PROGRESS`: the name of an enum's member; empty if nothing is left of it."""
    words = snake_case(name).upper()
    return f"VALUE_{words}" if words[:1].isdigit() else words


def kebab_case(name: str) -> str:
    """`EmailTaken` as `email-taken`: the code of an error."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def event_identifier(name: str) -> str:
    """`user.created` as `user_created`: what the names made from an event end in."""
    return name.replace(".", "_")


def _event_case(name: str) -> str:
    """`OrderPlaced`, `order-placed` and `Order.Placed` as `order.placed`."""
    if "." in name:
        return ".".join(filter(None, (snake_case(part) for part in name.split("."))))
    return ".".join(filter(None, snake_case(name).rpartition("_")[::2]))


def _reasons(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


# Named here, and compared by a test, because Pydantic takes longer to import than most specs to read.
PYDANTIC_MEMBERS = frozenset(
    {
        *("construct", "copy", "dict", "from_orm", "json"),
        *("model_computed_fields", "model_config", "model_construct", "model_copy", "model_dump"),
        *("model_dump_json", "model_extra", "model_fields", "model_fields_set", "model_json_schema"),
        *("model_parametrized_name", "model_post_init", "model_rebuild", "model_validate"),
        *("model_validate_json", "model_validate_strings"),
        *("parse_file", "parse_obj", "parse_raw", "schema", "schema_json", "update_forward_refs", "validate"),
    }
)
"""The members of Pydantic's models."""
METACLASS_MEMBERS = frozenset({"mro", "register"})
"""What their classes answer to."""

_NOT_IN_CLASSES = (
    _ANNOTATIONS.union(keyword.kwlist)
    | METACLASS_MEMBERS  # Pydantic warns of them
    | frozenset(name for name in PYDANTIC_MEMBERS if not name.startswith("model_"))
)
_IN_BODIES = frozenset(
    {
        *("broker", "claim_key", "cls", "decode", "get_db", "get_session", "keep_answer"),
        *("new_idempotency_key", "operations", "payload", "response", "result", "router", "segment"),
        *("self", "session", "tell_deprecated", "work"),
    }
)
"""Names that the bodies of generated functions use."""
_NOT_IN_FUNCTIONS = _ANNOTATIONS.union(_IN_BODIES, keyword.kwlist)

_IN_FUNCTIONS = _reasons(
    "generated code calls something else so",
    *_IN_BODIES,
)
_IN_CLASS_BODIES = _reasons("it would hide the type of that name", *_ANNOTATIONS)
_CALLED_BESIDE_OPERATIONS = _reasons(
    "it would hide what generated code calls for the operations after it", "deprecated", "refusals"
)
_MODEL_MEMBERS = _reasons(
    "Pydantic's models have a member of that name",
    *(name for name in sorted(PYDANTIC_MEMBERS) if name.startswith("model_")),
)
_TRANSPORTS = _reasons("all domains together are joined by functions of that name", "api", "event")
_CLIENT_MEMBERS = _reasons("generated clients have a member of that name", "aclose", "close", "request")
_GENERATED_CLASSES = _reasons(
    "generated code uses that name for something else",
    *("APIRouter", "Annotated", "Any", "AnyUrl", "Application", "AsyncSession"),
    *("Base", "Base64Bytes", "BaseModel", "Body"),
    *("CalendarDate", "Callable", "CheckedEmail", "Cookie", "Cron"),
    *("Database", "Decimal", "Decimal15", "Depends", "DirectFailures"),
    *("Endpoints", "EventBroker", "EventDefinition", "Every", "FastAPI", "Field", "FiniteFloat"),
    *("Header", "HttpClient"),
    *("IdempotencyKey", "IdempotencyKeyInUse", "IdempotencyKeyReader", "IdempotencyKeyReused", "Int64"),
    *("JsonValue", "Literal", "LocalTime", "NotNull"),
    *("OperationError", "OperationFailed", "OperationRouter", "Path", "Protocol", "Query"),
    *("Request", "Response", "RetryPolicy"),
    *("Schema", "Self", "SentIdempotencyKey", "ServiceSettings", "SessionFactory", "Storable"),
    *("StorableDatetime", "StorableDuration", "StorableJson", "StrEnum", "StrictBool"),
    *("StrictFiniteFloat", "StrictInt64", "Text", "TypeAdapter", "UUID", "UnitOfWorkFactory", "WireType"),
)
_DOCUMENTED_SCHEMAS = _reasons(
    "OpenAPI documents have a schema of that name", "HTTPValidationError", "Problem", "ValidationError"
)
_IMPORTED_CONSTANTS = _reasons("its constant would hide an imported one", "type_checking", "type.checking")
_BUILTIN_CLASSES = _reasons("it is a class of Python", *(name for name in dir(builtins) if name[0].isupper()))
_OTHER_ERRORS = _reasons("the runtime has an error of that code", "Internal", "Unavailable")
_CLASSES = _BUILTIN_CLASSES | _GENERATED_CLASSES

_RULES: Mapping[NameKind, _Rule] = {
    # The longest name made from it, `<name>-migrations`, is a label of DNS, which has 63 characters at most.
    NameKind.SERVICE: _Rule(_SNAKE, "like tg_bot", snake_case, {}, longest=50),
    NameKind.DOMAIN: _Rule(_SNAKE, "like user_profiles", snake_case, _IN_FUNCTIONS | _TRANSPORTS),
    NameKind.OPERATION: _Rule(
        _SNAKE,
        "like create_user",
        snake_case,
        _IN_FUNCTIONS | _IN_CLASS_BODIES | _CALLED_BESIDE_OPERATIONS | _CLIENT_MEMBERS,
    ),
    NameKind.PARAM: _Rule(_SNAKE, "like user_id", snake_case, {}, has_alias=True),
    NameKind.FIELD: _Rule(
        _SNAKE,
        "like created_at",
        snake_case,
        _MODEL_MEMBERS,
        ("model_dump", "model_validate"),
        has_alias=True,
    ),
    NameKind.MODEL: _Rule(_PASCAL, "like UserProfile", pascal_case, _CLASSES | _DOCUMENTED_SCHEMAS),
    NameKind.VARIANT: _Rule(_PASCAL, "like Create", pascal_case, {}),
    NameKind.ERROR: _Rule(_PASCAL, "like EmailTaken", pascal_case, _CLASSES | _OTHER_ERRORS),
    NameKind.EVENT: _Rule(_EVENT, "like user.created", _event_case, _IMPORTED_CONSTANTS),
}
