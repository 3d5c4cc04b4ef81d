"""No controller at all."""

from services.shop.src.controllers.base import BaseController


class Helper(BaseController):
    """Helps."""
