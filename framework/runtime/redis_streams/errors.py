"""What a failing Redis means to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions

from framework.runtime.transport import BrokerRefused, BrokerUnavailable

_NOT_NOW = (
    exceptions.ConnectionError,  # BusyLoadingError and AuthenticationError are such
    exceptions.TimeoutError,
    OSError,
)
_GROUP_IS_GONE = ("NOGROUP", "UNBLOCKED", "no such key")
"""How the servers word it: in general, to a reader that was waiting, to XINFO."""


class GroupMissing(Exception):
    """The group or its stream does not exist: never made, or lost with the data of Redis."""


def meaning(error: Exception) -> Exception:
    """The error of ours that says what `error` says, or `error` itself."""
    if isinstance(error, _NOT_NOW):
        return BrokerUnavailable(str(error) or type(error).__name__)
    if isinstance(error, exceptions.ResponseError) and any(words in str(error) for words in _GROUP_IS_GONE):
        return GroupMissing(str(error))
    return error


@contextmanager
def translated() -> Iterator[None]:
    """Raise what errors of Redis mean. Raises `BrokerUnavailable`, `GroupMissing`, or what else there was."""
    try:
        yield
    except Exception as error:
        ours = meaning(error)
        if ours is error:
            raise
        raise ours from error


@contextmanager
def asked() -> Iterator[None]:
    """As `translated`, for an operator: any other refusal raises `BrokerRefused`, with its words."""
    try:
        with translated():
            yield
    except exceptions.ResponseError as error:
        raise BrokerRefused(str(error)) from error
