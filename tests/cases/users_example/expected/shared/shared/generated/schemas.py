# Generated from shared/spec by `make generate-from-spec`. Do not edit.
"""The data models of the project, as `shared/spec` describes them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from framework.runtime.emails import CheckedEmail
from framework.runtime.failures import OperationFailed as OperationFailed
from framework.runtime.schema import Schema
from framework.runtime.types import Int64, Storable


class UserCreate(Schema):
    """A person known to the system.

    The variant `Create` of `User`.
    """

    name: Annotated[str, Field(min_length=1, max_length=200), Storable()]
    email: CheckedEmail | None = None


class UserDeleted(Schema):
    """A user is gone."""

    user_id: Int64


class UserImportBatch(Schema):
    """People to be registered together, or not at all."""

    batch: Annotated[UUID, Field(description="Chosen by whoever asks.")]
    users: Annotated[list[UserCreate], Field(min_length=1, max_length=1000)]


class UserImportResult(Schema):
    """A batch of people was registered."""

    batch: UUID
    user_ids: list[Int64]


class UserRead(Schema):
    """A person known to the system.

    The variant `Read` of `User`.
    """

    id: Int64
    name: Annotated[str, Field(min_length=1, max_length=200), Storable()]
    email: CheckedEmail | None = None
