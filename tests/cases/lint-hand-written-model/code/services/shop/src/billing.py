"""Invoices."""

import pydantic as p
from pydantic import BaseModel as Base, EmailStr, Field
from pydantic.dataclasses import dataclass
from shared.generated.schemas import OrderRead


class Strict(Base):
    """What all of ours have in common."""


class Invoice(Strict):
    """What is sent to whoever ordered."""

    number: int
    mail: EmailStr | None = None
    orders: list[OrderRead]
    positions: dict[str, "Position"] = Field(default_factory=dict)
    paid: bool = False


class Position(p.BaseModel):
    class Price(p.RootModel[int]):
        """In cents."""

    text: str


@dataclass
class Address:
    city: str


class LongOrder(OrderRead):
    weight: float


Letter = p.create_model("Letter", text=(str, ...))
