"""The template's services in the project: one more, or one less."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from framework.diagnostics import did_you_mean
from framework.files import has_banner
from framework.project.answers import ANSWERS_FILE, Answers, read_answers
from framework.project.change import Remarks, bring_modules, bring_version
from framework.project.checkout import Checkout, open_checkout, require_clean
from framework.project.checks import CHECKS
from framework.project.draft import Draft, draft_of
from framework.project.errors import ProjectError
from framework.project.landing import land
from framework.project.outcome import Outcome, outcome_of
from framework.project.references import references, services
from framework.project.report import told_changes
from framework.project.template import CURRENT, Template, template_of
from framework.project.update import finish

Choice = Callable[[Answers, Sequence[str]], Sequence[str]]
"""From the project's answers and the services that the template has to those that are wanted."""


def add_module(root: Path, name: str, *, latest: bool = False) -> int:
    """Add a service of the template to the project at `root`; `latest` brings the newest version first.

    Returns 0 if all is well, 1 if something is left for the user to do. Raises ProjectError, with nothing
    changed.
    """

    def chosen(answers: Answers, offered: Sequence[str]) -> Sequence[str]:
        _require_known(name, offered)
        if name in answers.modules:
            raise ProjectError(f"{name} is in this project already{_missing(checkout, name)}.")
        if name in services(checkout.root):
            raise ProjectError(
                f"services.yml has a service {name} of your own, in the place of the template's.\n"
                "Give yours another name first."
            )
        return [module for module in offered if module in (*answers.modules, name)]

    checkout = _open(root)
    with draft_of(checkout) as draft:
        outcome = _changed(draft, chosen, latest=latest)
        print(f"Adding {name}{_since(outcome)}:\n", *told_changes(outcome), sep="\n", flush=True)
        land(draft, outcome.entries, outcome.unmerged)
    return finish(checkout, outcome, CHECKS[:1])


def remove_module(root: Path, name: str, *, latest: bool = False, yes: bool = False) -> int:
    """Remove a service of the template from the project at `root`, once the user agrees, or `yes` says so.

    What the user has added to its folder stays. Returns 0 if all is well, 1 if something is left for the user
    to do, or if the user has not agreed. Raises ProjectError, with nothing changed.
    """

    def chosen(answers: Answers, offered: Sequence[str]) -> Sequence[str]:
        if name not in answers.modules:
            _require_known(name, offered)
            raise ProjectError(f"{name} is not in this project; it has {', '.join(answers.modules)}.")
        if len(answers.modules) == 1:
            raise ProjectError(f"{name} is the only service of the template here, and one has to stay.")
        return [module for module in answers.modules if module != name]

    checkout = _open(root)
    with draft_of(checkout) as draft:
        outcome = _changed(draft, chosen, latest=latest)
        print(f"Removing {name}{_since(outcome)}:\n", *told_changes(outcome), sep="\n")
        print(*_told_consequences(draft, name), sep="\n", flush=True)
        if not (yes or _agreed()):
            print("Nothing was changed.")
            return 1
        land(draft, outcome.entries, outcome.unmerged)
    return finish(checkout, outcome, CHECKS[:1])


def _missing(checkout: Checkout, name: str) -> str:
    """What to do about a service that the answers name and that is not there."""
    if (checkout.root / "services" / name).exists():
        return ""
    return (
        f", as {ANSWERS_FILE} says, though services/{name} is not there. If that file was\n"
        "edited by hand, take the edit back; if the folder was deleted, git has it"
    )


def _open(root: Path) -> Checkout:
    checkout = open_checkout(root)
    read_answers(checkout.root)
    require_clean(checkout)
    return checkout


def _changed(draft: Draft, chosen: Choice, *, latest: bool) -> Outcome:
    """Give the draft other modules, after the newest version if that is wanted."""
    former = read_answers(draft.root)
    remarks = Remarks()
    if latest:
        remarks = _brought_up(draft, former, chosen)
    answers = read_answers(draft.root)
    with template_of(draft.root, answers, CURRENT) as template:
        modules = chosen(answers, template.modules)
        remarks |= bring_modules(draft, template, modules)
    return outcome_of(draft, former, answers.version, remarks)


def _brought_up(draft: Draft, answers: Answers, chosen: Choice) -> Remarks:
    """Bring the draft to the newest version; other modules come only when nothing is left to merge."""
    with template_of(draft.root, answers) as template:
        chosen(answers, template.modules)
        if not template.is_newer:
            return Remarks()
        remarks = bring_version(draft, template)
    _require_merged(draft, template)
    draft.commit("The newest version")
    return remarks


def _require_merged(draft: Draft, template: Template) -> None:
    if draft.unmerged():
        raise ProjectError(
            f"You and the template, from {template.before} to {template.after}, have changed the same\n"
            "lines of a file. Settle that first: `make update`, commit, then this again."
        )


def _require_known(name: str, offered: Sequence[str]) -> None:
    if name not in offered:
        hint = did_you_mean(name, offered)
        told = (
            f"The template has no service {name!r}{'; ' if hint else '.'}{hint}" if name else "Which? name=…"
        )
        raise ProjectError(f"{told}\nThe template has: {', '.join(offered)}.")


def _since(outcome: Outcome) -> str:
    return f", and from {outcome.before} to {outcome.after}" if outcome.before != outcome.after else ""


def _told_consequences(draft: Draft, name: str) -> Iterator[str]:
    """What of the module stays since it is the user's, and what refers to what goes."""
    folder = draft.root / "services" / name
    left = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_generated(path))
    if left:
        yield "\nYours, and kept; services.yml will not name them any more:"
        yield from (f"  {path.relative_to(draft.root).as_posix()}" for path in left)
    found = list(references(draft.root, draft.checkout.root, name))
    if found:
        yield f"\nThese refer to {name}, and are yours to change:"
        yield from (f"  {line}" for line in found)


def _is_generated(path: Path) -> bool:
    return has_banner(path.read_bytes().decode(errors="replace"))


def _agreed() -> bool:
    """Ask; whoever cannot be asked has to say it beforehand."""
    if not sys.stdin.isatty():
        raise ProjectError("There is nobody to ask whether that is meant: say so with yes=1.")
    try:
        answer = input("\nRemove it? [y/N] ")
    except EOFError:  # Ctrl-D
        print()
        return False
    return answer.strip().casefold() in {"y", "yes"}
