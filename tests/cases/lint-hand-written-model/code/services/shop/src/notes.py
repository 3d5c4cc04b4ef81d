"""Plain classes, and what other libraries call a model."""

from dataclasses import dataclass
from typing import TypedDict

from services.shop.src.base import BaseModel


@dataclass
class Note:
    text: str


class Draft(TypedDict):
    text: str


class Table(BaseModel):
    """Of a database."""
