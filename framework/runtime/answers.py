"""Whether a controller returned what it said, asked where it can still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from typing_extensions import TypeForm

T = TypeVar("T")

_MOST_TOLD: Final = 5
"""Mistakes told of one answer: a long list may have one in each member."""


class WrongAnswerError(RuntimeError):
    """A controller returned something else than it said."""


def checked(answer: T, kind: TypeForm[T]) -> T:
    """The answer of a controller, made to be of its type as FastAPI would; models are taken as they are.

    Raises:
        WrongAnswerError: it cannot be.
    """
    if type(answer) is kind:
        return answer
    return _check(kind)(answer)  # type: ignore[arg-type, no-any-return]


@cache
def _check(kind: Any) -> Callable[[Any], Any]:
    adapter = TypeAdapter(kind)
    item = get_args(kind)[0] if get_origin(kind) is list else None
    models = {item} if isinstance(item, type) and issubclass(item, BaseModel) else None

    def check(answer: Any) -> Any:
        if models is not None and type(answer) is list and models.issuperset(map(type, answer)):
            return answer
        try:
            return adapter.validator.validate_python(answer, from_attributes=True)
        except ValidationError as error:
            wrong = f"a `{type(answer).__name__}` that is no `{_name(kind)}`"
            raise WrongAnswerError(f"the controller returned {wrong}: {_told(error)}") from None

    return check


def _told(error: ValidationError) -> str:
    """What is wrong where, but no value: that may belong to a person, and stands in no log."""
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    said = [(".".join(map(str, each["loc"])), each["msg"]) for each in errors[:_MOST_TOLD]]
    return "; ".join(f"{place}: {words}" if place else words for place, words in said)


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)
