"""The tables of this service."""

from services.meetings.src.models.base import Base
from services.meetings.src.models.meeting import Meeting, Member

__all__ = ["Base", "Meeting", "Member"]
