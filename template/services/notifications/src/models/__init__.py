"""The tables of this service. Import every model here: migrations are made from `Base.metadata`."""

from services.notifications.src.models.base import Base
from services.notifications.src.models.notification import Notification

__all__ = ["Base", "Notification"]
