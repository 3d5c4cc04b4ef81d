"""A newer version of the template for the project."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from framework.cache import make_cache
from framework.project.answers import Answers, read_answers
from framework.project.change import bring_version
from framework.project.checkout import Checkout, open_checkout, require_clean
from framework.project.checks import CHECKS, first_failure, generation
from framework.project.draft import Draft, draft_of
from framework.project.errors import ProjectError
from framework.project.landing import land
from framework.project.outcome import Outcome, outcome_of
from framework.project.report import PATCH, told_changes, told_end, told_review
from framework.project.template import Template, template_of


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an update would bring; `outcome` is None if the project has what is wanted, or something newer."""

    before: str
    after: str
    outcome: Outcome | None = None


def check(root: Path, wanted: str | None = None) -> Prospect:
    """Find out what an update of the project at `root` would bring; changes nothing. Raises ProjectError."""
    checkout = open_checkout(root)
    answers = read_answers(checkout.root)
    with draft_of(checkout) as draft:
        return prospect(draft, answers, wanted)


def update(root: Path, wanted: str | None = None) -> int:
    """Bring the project at `root` to a version of the template, the newest by default, and tell about it.

    Returns 0 if all is well, 1 if something is left for the user to do. Raises ProjectError, with nothing
    changed.
    """
    checkout = open_checkout(root)
    answers = read_answers(checkout.root)
    require_clean(checkout)
    with draft_of(checkout) as draft:
        found = prospect(draft, answers, wanted)
        if found.outcome is None:
            print(told_standing(found))
            return 0
        print(f"From {found.before} to {found.after}:\n", *told_changes(found.outcome), sep="\n", flush=True)
        land(draft, found.outcome.entries, found.outcome.unmerged)
    return finish(checkout, found.outcome, CHECKS)


def prospect(draft: Draft, answers: Answers, wanted: str | None) -> Prospect:
    """Update the draft; what of it is then to be told, and may land. Raises ProjectError."""
    with template_of(draft.root, answers, wanted) as template:
        if wanted and template.is_older:
            raise ProjectError(
                f"{template.after} is older than {template.before}, which this project has. The way back is\n"
                "git's: check out a commit from before the update."
            )
        if not template.is_newer:
            return Prospect(template.before, template.after)
        return Prospect(template.before, template.after, _updated(draft, answers, template))


def _updated(draft: Draft, answers: Answers, template: Template) -> Outcome:
    remarks = bring_version(draft, template)
    return outcome_of(draft, answers, template.after, remarks)


def told_standing(found: Prospect) -> str:
    """What to tell of a project that has nothing to be updated to."""
    if found.before == found.after:
        return f"This project has the newest version of the template: {found.after}."
    return (
        f"This project has {found.before}, which is newer than the newest release, {found.after}.\n"
        "With to=HEAD it follows what is not released yet."
    )


def finish(checkout: Checkout, outcome: Outcome, checks: Sequence[str]) -> int:
    """Generate and check what has landed, and tell what is left to do; 0 if that is nothing wrong."""
    _keep_patch(checkout.root, outcome.remarks.patch)
    targets = (*generation(checkout.root), *checks)
    failed = None if outcome.conflicts else first_failure(checkout.root, targets)
    untried = targets if outcome.conflicts else targets[targets.index(failed.target) :] if failed else ()
    open_ = [*untried, *(check for check in CHECKS if check not in targets)]
    print(*told_review(outcome, checkout.commit), *told_end(outcome, failed, open_), sep="\n", flush=True)
    return 1 if failed or outcome.conflicts else 0


def _keep_patch(root: Path, patch: bytes) -> None:
    with suppress(OSError):
        make_cache(root)
        (root / PATCH).unlink(missing_ok=True)
        if patch:
            (root / PATCH).write_bytes(patch)
