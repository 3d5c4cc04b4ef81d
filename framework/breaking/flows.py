"""Who writes a value and who reads it, while one side runs the old code and the other the new."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class _Traits:
    """How values travel in a flow."""

    word: str
    is_old_to_new: bool
    is_strict: bool = False
    is_from_service: bool = True


class Flow(Enum):
    """A way that values take between the two versions of the specs."""

    REQUEST = _Traits("request", is_old_to_new=True, is_strict=True, is_from_service=False)
    """A client built before sends a body to the service of now."""
    PARAM = _Traits("request", is_old_to_new=True, is_from_service=False)
    """A client built before sends a parameter, which travels as text, to the service of now."""
    RESPONSE = _Traits("response", is_old_to_new=False)
    """The service of now answers a client built before."""
    MESSAGE = _Traits("message", is_old_to_new=False)
    """An event published now is handled by a consumer built before."""
    REPLAY = _Traits("replay", is_old_to_new=True)
    """An event published before, still in an outbox or a stream, is handled by the consumer of now."""

    @property
    def word(self) -> str:
        """What the codes of its rules begin with."""
        return self.value.word

    @property
    def is_old_to_new(self) -> bool:
        """Whether the old side writes and the new side reads, so that accepting less breaks."""
        return self.value.is_old_to_new

    @property
    def is_strict(self) -> bool:
        """Whether the reader refuses fields that it does not know."""
        return self.value.is_strict

    @property
    def is_from_service(self) -> bool:
        """Whether generated code writes the values, so that fields with a default are always there."""
        return self.value.is_from_service
