"""The tables of this service, those of the rig among them."""

from services.backend.src.models.base import Base
from services.backend.src.models.orders import Order, Report, ReportNote, Settlement
from services.backend.src.models.user import User

__all__ = ["Base", "Order", "Report", "ReportNote", "Settlement", "User"]
