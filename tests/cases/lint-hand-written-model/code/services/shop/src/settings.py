"""What the shop reads from the environment: here a model is in its place."""

from pydantic import BaseModel

from framework.runtime.settings import ServiceSettings


class Limits(BaseModel):
    """How much is too much."""

    orders: int = 100


class Settings(ServiceSettings):
    """The settings of the shop."""

    limits: Limits = Limits()
