"""What a controller raises to refuse an operation, whatever called it."""

from __future__ import annotations

import re
from typing import ClassVar


class OperationError(Exception):
    """The operation is refused for a reason that the caller may know.

    Over REST it is answered as problem details (RFC 9457) with `status` and `code`. A subclass without a
    `code` of its own has one made from its name: `EmailTaken` is `email-taken`.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "operation-error"

    def __init__(self, message: str) -> None:
        """Keep `message`, which must be safe to show to the caller."""
        super().__init__(message)
        self.message = message

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", cls.__name__).lower()


class NotFound(OperationError):
    """What the caller speaks of does not exist."""

    status = 404


class Conflict(OperationError):
    """The state of things does not allow it: a duplicate, a stale version."""

    status = 409


class PreconditionFailed(OperationError):
    """The caller would change another version than those that it has seen."""

    status = 412


class Invalid(OperationError):
    """The input is well-formed but makes no sense here."""

    status = 422
