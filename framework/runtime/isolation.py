"""A coroutine in a context of its own, as a task has one, without the cost of a task."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from contextvars import copy_context
from types import coroutine as awaitable
from typing import Any, TypeVar

T = TypeVar("T")


@awaitable
def isolated(coroutine: Coroutine[Any, Any, T], when_waiting: Callable[[], None]) -> Generator[Any, Any, T]:
    """Await `coroutine`; context variables that it sets are gone when it ends.

    `when_waiting` is called each time that it has to wait: what never waits has kept nobody else waiting.
    """
    context = copy_context()
    step: Callable[[Any], Any] = coroutine.send
    value: Any = None
    while True:
        try:
            awaited = context.run(step, value)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        when_waiting()
        try:
            step, value = coroutine.send, (yield awaited)
        except GeneratorExit:
            context.run(coroutine.close)
            raise
        except BaseException as error:
            step, value = coroutine.throw, error
