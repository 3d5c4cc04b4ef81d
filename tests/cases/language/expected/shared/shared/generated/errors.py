# Generated from services/*/spec by `make generate-from-spec`. Do not edit.
"""What the operations of the project may be refused with, as their specs say."""

from framework.runtime.errors import Conflict as Conflict
from framework.runtime.errors import Invalid as Invalid
from framework.runtime.errors import NotFound as NotFound
from framework.runtime.errors import OperationError
from framework.runtime.errors import PreconditionFailed as PreconditionFailed


class CaseExists(OperationError):
    """Case exists. REST answers 409."""

    status = 409
    code = "case-exists"


class DeskClosed(OperationError):
    """Desk closed. REST answers 503."""

    status = 503
    code = "desk-closed"


class SoldOut(OperationError):
    """Sold out. REST answers 409."""

    status = 409
    code = "sold-out"
