"""What can go wrong on the way out of a project, in words for the person who asked."""


class ShippingError(Exception):
    """Something is missing or wrong; the message says what, and what to do about it."""
