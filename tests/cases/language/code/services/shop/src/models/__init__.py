"""The tables of this service. Import every model here: migrations are made from `Base.metadata`."""

from services.shop.src.models.base import Base
from services.shop.src.models.shelf import Shelf

__all__ = ["Base", "Shelf"]
