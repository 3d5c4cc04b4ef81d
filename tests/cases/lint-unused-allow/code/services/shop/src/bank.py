"""What the bank sends."""

from pydantic import BaseModel


class Transfer(BaseModel):  # framework: allow[hand-written-model] the bank's format, which no service of ours speaks
    """Money that came in."""


# framework: allow[hand-written-model] the bank's, too
class Sender(BaseModel):
    """Who sent it."""


# framework: allow[hand-written-model, hand-written-route] it was a model once
class Receiver:
    """Who gets it."""
