"""The tables of this service, those of the rig among them."""

from services.notifications.src.models.base import Base
from services.notifications.src.models.charge import Charge, Payment
from services.notifications.src.models.notification import Notification

__all__ = ["Base", "Charge", "Notification", "Payment"]
