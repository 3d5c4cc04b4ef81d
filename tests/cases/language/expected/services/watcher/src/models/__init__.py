"""The tables of this service. Import every model here: migrations are made from `Base.metadata`."""

from services.watcher.src.models.base import Base

__all__ = ["Base"]
