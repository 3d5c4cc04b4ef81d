"""The tables of this service."""

from services.notices.src.models.base import Base
from services.notices.src.models.notice import MeetingCopy, Notice

__all__ = ["Base", "MeetingCopy", "Notice"]
