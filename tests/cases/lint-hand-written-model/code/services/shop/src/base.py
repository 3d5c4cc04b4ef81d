"""A base of its own."""


class BaseModel:
    """Not that of Pydantic."""
