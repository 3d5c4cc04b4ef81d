"""What the shop reads from the environment."""

import os

from framework.runtime.settings import ServiceSettings

STRIPE_KEY = os.environ.get("STRIPE_KEY")


class Settings(ServiceSettings):
    """The settings of the shop."""

    order_limit: int = 100
