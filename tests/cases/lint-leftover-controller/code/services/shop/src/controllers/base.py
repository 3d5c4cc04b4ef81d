"""What controllers have in common: no leftover, as others import it."""


class BaseController:
    """A base."""
