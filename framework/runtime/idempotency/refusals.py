"""What becomes of a repetition, and why a key is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framework.runtime.errors import OperationError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AnsweredBefore(Exception):
    """The command has taken effect under this key: its answer is given again, and nothing else happens."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"answered before, with {answer.status}")
        self.answer = answer


class IdempotencyKeyReused(OperationError):
    """The key belongs to another request of the same caller."""

    status = 422


class IdempotencyKeyInUse(OperationError):
    """The request that came first with this key is still being handled, and takes long."""

    status = 409


NOT_TRIED = (AnsweredBefore, IdempotencyKeyReused, IdempotencyKeyInUse)
"""Raised before the controller is called: no failures of an operation."""
