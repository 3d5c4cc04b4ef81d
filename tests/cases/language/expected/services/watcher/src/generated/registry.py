# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""The database of the service `watcher`, and the transactions of its work."""

from framework.runtime.database import Database
from framework.runtime.unit_of_work import UnitOfWorkFactory

__all__ = [
    "database",
    "transactions",
]

database = Database("watcher")
transactions = UnitOfWorkFactory("watcher", database.session)
