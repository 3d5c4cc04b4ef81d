"""What a person is told of a change, before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from framework.cache import path_in_cache
from framework.project.checkout import UNDO
from framework.project.checks import Failure
from framework.project.outcome import Outcome

PATCH = path_in_cache("", "template.patch")
"""Where the patch is kept with what the template has new for files that are the user's."""


def told_changes(outcome: Outcome) -> Iterator[str]:
    """Which files come, change and go; which of them the user has edited."""
    yield from _listed("new", outcome.added)
    yield from _listed("changed", (_marked(path, outcome) for path in outcome.changed))
    yield from _listed("removed", (_marked(path, outcome) for path in outcome.removed))
    if outcome.framework:
        yield f"  and {_counted(outcome.framework, 'file')} of the framework, in .framework/"
    if not outcome.entries:
        yield "  no file"


def _marked(path: str, outcome: Outcome) -> str:
    if any(conflict.path == path for conflict in outcome.conflicts):
        return f"{path}  (conflict: you have changed the same lines)"
    if path in outcome.remarks.aged:
        return f"{path}  (edited by you, or of an older version)"
    return f"{path}  (edited by you)" if path in outcome.remarks.edited else path


def told_review(outcome: Outcome, commit: str) -> Iterator[str]:
    """What to look at after a change, piece by piece; `commit` is that of the project before."""
    remarks = outcome.remarks
    yield from _section(
        "Conflicts, to be settled by hand, then `git add` the file:",
        (
            f"{conflict.path}:{conflict.line}" if conflict.line else conflict.path
            for conflict in outcome.conflicts
        ),
    )
    yield from _section("You and the template had both changed these, and they were merged:", outcome.merged)
    cure = f"get one back with `git checkout {commit[:10]} -- <file>`"
    yield from _section(f"Gone with your edits; {cure}:", outcome.lost)
    yield from _section(f"Gone, edited by you or of an older version of the template; {cure}:", outcome.aged)
    yield from _section("Deleted by you, brought back by Copier, deleted again:", remarks.unwanted)
    yield from _section("No longer the template's, and kept, since they are yours:", remarks.kept)
    yield from _section(
        f"Your changes to the framework are gone (`git show {commit[:10]}:<file>` has them):",
        remarks.replaced,
    )
    yield from _section("The template has these, but your .gitignore keeps them out:", outcome.ignored)
    yield from _section(
        f"Yours, and left as they are; the template has something new for them, see {PATCH}\n"
        f"(`git apply --3way {PATCH}` takes it over):",
        remarks.offered,
    )
    yield from _section(
        "New questions of the template, answered as it proposes (another answer: "
        "`copier update --vcs-ref=:current: --defaults --data <name>=<answer>`):",
        (f"{name}: {answer}" for name, answer in outcome.answers.items()),
    )
    if outcome.has_new_tables:
        yield "\nThe tables of the runtime have changed: `make migrate` brings the databases up to date."


def told_end(outcome: Outcome, failed: Failure | None, untried: Sequence[str]) -> Iterator[str]:
    """How it ended, what is next, how to go back; `untried` are the targets that are left to make."""
    rest = f"make {' '.join(untried)}"
    if outcome.conflicts:
        yield f"\nBecause of the conflicts nothing was generated or checked. Settle them, then: {rest}"
    elif failed and failed.is_interrupted:
        yield f"\n`make {failed.target}` was interrupted. The change is in your files, not committed."
        yield f"Go on with: {rest}"
    elif failed:
        yield f"\n`make {failed.target}` has failed. The change is in your files, not committed: mend it,"
        yield f"then {rest}; or go back."
    else:
        yield f"\nThat is done, with version {outcome.after} of the template. See it: git status, git diff"
        yield f"Next: {rest + '; ' if untried else ''}git add --all && git commit"
    yield f"To go back to where you were: {UNDO}"


def _listed(title: str, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield f"  {title:<8} {path}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
