"""The tables of this service. Import every model here: migrations are made from `Base.metadata`."""

from services.backend.src.models.base import Base
from services.backend.src.models.user import User

__all__ = ["Base", "User"]
