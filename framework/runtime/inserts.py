"""`INSERT ... ON CONFLICT`, which each dialect of SQLAlchemy has under a name of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

INSERTS: Final[dict[str, Callable[[Table], postgresql.Insert | sqlite.Insert]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}
"""The constructor of an insert, by the name of the dialect."""
