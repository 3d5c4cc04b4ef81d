"""What a change comes to, before it reaches the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framework.project.answers import Answers, read_answers
from framework.project.change import FRAMEWORK, Conflict, Remarks, conflicts
from framework.project.draft import Draft, Entry

_TABLES = f"{FRAMEWORK}framework/runtime/migrations/versions/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files that differ from before, what a person should know of them, and git of conflicts.

    `ignored` are files of the template that the project's `.gitignore` keeps out; `answers` are those to
    questions that are new.
    """

    before: str
    after: str
    entries: tuple[Entry, ...]
    remarks: Remarks
    conflicts: tuple[Conflict, ...]
    unmerged: tuple[str, ...]
    ignored: tuple[str, ...]
    answers: Mapping[str, object]

    @property
    def added(self) -> list[str]:
        """The files that come, the framework's left out."""
        return [entry.path for entry in self._own if entry.old is None]

    @property
    def changed(self) -> list[str]:
        """The files that change, the framework's left out."""
        return [entry.path for entry in self._own if entry.old and entry.new]

    @property
    def removed(self) -> list[str]:
        """The files that go, the framework's left out."""
        return [entry.path for entry in self._own if entry.new is None]

    @property
    def framework(self) -> int:
        """How many files of the framework differ."""
        return len(self.entries) - len(self._own)

    @property
    def merged(self) -> list[str]:
        """The files in which the template's changes were put beside the user's."""
        torn = {conflict.path for conflict in self.conflicts}
        return [path for path in self.changed if path in self.remarks.edited and path not in torn]

    @property
    def lost(self) -> list[str]:
        """The files that go although the user had edited them."""
        return [path for path in self.removed if path in self.remarks.edited - self.remarks.aged]

    @property
    def aged(self) -> list[str]:
        """The files that go, and that the user had edited or the template had made long ago."""
        return [path for path in self.removed if path in self.remarks.aged]

    @property
    def has_new_tables(self) -> bool:
        """Whether the databases of the services must be migrated."""
        return any(entry.path.startswith(_TABLES) and entry.old is None for entry in self.entries)

    @property
    def _own(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.path.startswith(FRAMEWORK)]


def outcome_of(draft: Draft, former: Answers, after: str, remarks: Remarks) -> Outcome:
    """Read from a draft what has become of it."""
    unmerged = tuple(draft.unmerged())
    found = tuple(conflicts(draft, unmerged))
    ignored = tuple(draft.ignored())
    given = read_answers(draft.root).given
    return Outcome(
        before=former.version,
        after=after,
        entries=tuple(draft.entries()),
        remarks=remarks,
        conflicts=found,
        unmerged=unmerged,
        ignored=ignored,
        answers={key: value for key, value in given.items() if key not in former.given},
    )
