# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""The controllers of the service `watcher` joined to its transports."""

from framework.runtime.database import Database

__all__ = [
    "database",
]

database = Database("watcher")
