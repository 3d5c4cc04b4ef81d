"""What a rule finds: what changed, in which part of the specs, and whom that breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_TOLD = 3


class Section(StrEnum):
    """The kinds of things that specs describe and that have a name of their own."""

    SERVICE = "service"
    DOMAIN = "domain"
    OPERATION = "operation"
    MODEL = "model"
    ENUM = "enum"
    ERROR = "error"
    EVENT = "event"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of the specs, by names and not by its place: `keys` lead from the thing into it.

    The name of an operation or a domain begins with its service: `shop.get_order`. A parameter stands among
    the keys by its name.
    """

    section: Section
    name: str
    keys: tuple[str, ...] = ()

    def __truediv__(self, key: str) -> Subject:
        return dataclasses.replace(self, keys=(*self.keys, key))


PROJECT = Subject(Section.PROJECT, "project")
"""What services.yml says of all services together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A change that breaks somebody; `name` is what `--ignore` calls it by.

    `subject` is in the new specs, as far as they still have it, and `was` in the old ones; it is None for
    what is new.
    """

    code: str
    name: str
    message: str
    whom: str
    subject: Subject
    was: Subject | None


def listed(names: Iterable[str]) -> str:
    """Names in a sentence; of many only the first few are told."""
    every = sorted(set(names))
    told, rest = every[:_TOLD], len(every) - _TOLD
    if rest > 0:
        return f"{', '.join(told)} and {rest} more"
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
