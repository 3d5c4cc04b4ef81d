"""Versions over HTTP: entity tags and the conditions that speak of them (RFC 9110, sections 8.8.3 and 13.1).

A version is a number that grows with every change; its tag is the number in quotes, and always a strong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from starlette.exceptions import HTTPException

from framework.runtime.errors import OperationError, PreconditionFailed

_ANY: Final = "*"
_TAG: Final = r'(?:W/)?"[!#-~\x80-\xff]*"'
_LIST: Final = rf"^[\t ,]*{_TAG}(?:[\t ]*,[\t ,]*{_TAG})*[\t ,]*$"
"""Also told in documents, so it is a regular expression of JavaScript, too."""
_TAGS: Final = re.compile(_TAG)
_IS_LIST: Final = re.compile(_LIST)
_IS_VERSION: Final = re.compile(r'"(?:0|-?[1-9][0-9]{0,18})"')
_SCHEMA: Final = {"type": "string"}


class PreconditionRequired(OperationError):
    """A change without `If-Match`: it might undo what the caller has never seen."""

    status = 428


class EntityTag(str):
    """The entity tag of a version, as it stands in `ETag`, `If-Match` and `If-None-Match`."""

    __slots__ = ()

    def __new__(cls, version: int) -> Self:
        """The tag of one version."""
        return super().__new__(cls, f'"{version}"')

    @classmethod
    def sent(cls, version: int | Literal["*"] | None) -> str | None:
        """What a client sends as the condition: `*` for any version; nothing without one."""
        return cls(version) if isinstance(version, int) else version

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The tag as headers of an ASGI message."""
        return [(b"etag", self.encode("latin-1"))]

    def unless(self, seen: IfNoneMatch | None) -> Self:
        """The tag of what is answered, unless the caller has it.

        Raises:
            HTTPException: the caller has it, and is told so: 304, without a body.
        """
        if seen is not None and seen.names(self):
            raise HTTPException(304, headers={"ETag": self})
        return self

    @staticmethod
    def answers(status: int, *, is_read: bool = False) -> dict[int | str, dict[str, Any]]:
        """The `responses` of a route whose answer has a tag; a read may also say that nothing has changed."""
        header = {"ETag": {"description": "The version of what is answered.", "schema": _SCHEMA}}
        answers: dict[int | str, dict[str, Any]] = {status: {"headers": header}}
        if is_read:
            words = "Not modified: `If-None-Match` names the version that would be answered."
            answers[304] = {"description": words, "headers": header}
        return answers


class _Condition(tuple[str, ...]):
    """The tags that a header names, as they stand there; `*` alone for any.

    A sequence, because for one FastAPI reads every line of the header: several of them are one list.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)})"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the header.

        Raises:
            ValueError: it is neither `*` nor a list of entity tags.
        """
        if text.strip("\t ") == _ANY:
            return cls([_ANY])
        if not _IS_LIST.fullmatch(text):
            raise ValueError("neither * nor a list of entity tags")
        return cls(_TAGS.findall(text))

    @property
    def is_any(self) -> bool:
        """Whether it says `*`."""
        return self == (_ANY,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = core_schema.no_info_after_validator_function(cls._given, core_schema.str_schema())
        return core_schema.no_info_before_validator_function(_in_one_line, read)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # Two choices, because contract tests that make headers up begin with the constant.
        text = handler(schema)
        return {"anyOf": [{**text, "const": _ANY}, {**text, "pattern": _LIST, "examples": [EntityTag(1)]}]}

    @classmethod
    def _given(cls, text: str) -> Self:
        try:
            return cls.parse(text)
        except ValueError:
            raise PydanticCustomError(
                "entity_tags", 'Input should be * or entity tags, as an answer has them in ETag: "7"'
            ) from None


def _in_one_line(lines: Sequence[str]) -> str:
    return ", ".join(lines)


class IfNoneMatch(_Condition):
    """What the caller of a read has already; weak tags count, since nobody changes anything."""

    __slots__ = ()

    def names(self, tag: EntityTag) -> bool:
        """Whether the caller has this version."""
        return self.is_any or any(each.removeprefix("W/") == tag for each in self)


class IfMatch(_Condition):
    """The versions that the caller of a change has seen: of any other it must not be made."""

    __slots__ = ()

    @classmethod
    def of(cls, version: int) -> Self:
        """The condition of someone who has seen this version."""
        return cls([EntityTag(version)])

    @classmethod
    def any(cls) -> Self:
        """The condition of someone to whom every version is welcome: `*`."""
        return cls([_ANY])

    @property
    def versions(self) -> frozenset[int] | None:
        """The versions that it names; None if any will do. Weak tags never match, nor do those of others."""
        if self.is_any:
            return None
        named = (int(tag.strip('"')) for tag in self if _IS_VERSION.fullmatch(tag))
        return frozenset(version for version in named if -(2**63) <= version < 2**63)

    def require(self, version: int) -> None:
        """Check a version that was read in this transaction, under a lock.

        Raises:
            PreconditionFailed: the caller has not seen it.
        """
        if self.versions is not None and version not in self.versions:
            raise stale()

    @staticmethod
    def given(condition: IfMatch | None) -> IfMatch:
        """The condition of a request that must have one.

        Raises:
            PreconditionRequired: it has none.
        """
        if condition is None:
            raise PreconditionRequired(
                "Send If-Match with the ETag that you were answered, so that you change what you have seen."
            )
        return condition


def stale() -> PreconditionFailed:
    """What a change is refused with whose caller has seen another version."""
    return PreconditionFailed("It has changed since you read it: read it again, then decide anew.")
