"""What the API takes and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field

Name = Annotated[str, Field(min_length=1, max_length=200)]


class UserCreate(BaseModel):
    """Who is to be registered."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    email: EmailStr | None = None
    telegram_id: int | None = None


class UserRead(BaseModel):
    """A user as the API shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: Name
    email: EmailStr | None = None
    telegram_id: int | None = None
    is_admin: bool
    created_at: AwareDatetime
    updated_at: AwareDatetime
