"""What a unit of work refuses."""

from __future__ import annotations


class GuardedSessionError(RuntimeError):
    """The transaction of a unit of work was to be ended by someone else."""


class NestedUnitOfWorkError(RuntimeError):
    """An operation was called inside the unit of work of another."""


class WriteInQueryError(RuntimeError):
    """A query tried to change something."""


class SettledWorkError(RuntimeError):
    """An operation went on after the row that was to be its last."""
