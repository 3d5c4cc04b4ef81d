"""What all tables of this service have in common."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from framework.runtime.columns import COLUMN_TYPES, NAMING_CONVENTION


class Base(DeclarativeBase):
    """The base of the models of this service."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = COLUMN_TYPES
