"""Whether a controller returned what it said, asked where it can still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from typing_extensions import TypeForm

T = TypeVar("T")


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
            raise WrongAnswerError(
                f"the controller returned a `{type(answer).__name__}` that is no `{_name(kind)}`: {error}"
            ) from None

    return check


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)
