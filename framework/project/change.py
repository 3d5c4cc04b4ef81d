"""What the template does to a draft, and what it must not do there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from framework.project.draft import Draft
from framework.project.template import Template

FRAMEWORK = ".framework/"
"""The ground that is the template's alone."""

_LOCKS = "services/*/requirements.lock"
"""What `make lock` makes for each service, beside what generation makes."""

_MARKERS = (b"<<<<<<< before updating", b"<<<<<<< ours")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a person should know of a change besides the change: files, relative to the project.

    `edited` differ from what the template had made; `aged` are those of them that are the user's: no
    update changes these, so that age alone may be why they differ. `replaced` are those of `edited` that
    are the framework's; they are the template's again. `unwanted` had been deleted by the user, were
    brought back and are deleted again. `kept` the template has no more, and they stay, since they are
    the user's. `offered` are the user's, too, were left as they are, and the template has something new
    for them; the patch says what.
    """

    edited: frozenset[str] = frozenset()
    aged: frozenset[str] = frozenset()
    replaced: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    patch: bytes = b""

    def __or__(self, other: Remarks) -> Remarks:
        """What is to be known of two changes, one after the other."""
        return Remarks(
            self.edited | other.edited,
            self.aged | other.aged,
            (*self.replaced, *other.replaced),
            (*self.unwanted, *(path for path in other.unwanted if path not in self.unwanted)),
            (*self.kept, *other.kept),
            (*self.offered, *other.offered),
            self.patch + other.patch,
        )


def bring_version(draft: Draft, template: Template) -> Remarks:
    """Bring the draft to the version that is wanted."""
    former = _compare(draft, template)
    users = [path for path in former.whole | former.edited if template.is_users(path)]
    template.update()
    unwanted = _delete_again(draft, former.deleted)
    for path in users:
        if not (draft.root / path).exists():
            draft.restore(path)
    news = {path: template.newest(path) for path in template.news()}
    kept = sorted(path for path in users if path in news and news[path] is None)
    offered = sorted(_offered(draft, template, news, former.deleted))
    patch = template.difference(offered, draft.checkout.place) if offered else b""
    aged = _aged(former, template)
    return Remarks(former.edited, aged, former.replaced, unwanted, tuple(kept), tuple(offered), patch)


def bring_modules(draft: Draft, template: Template, modules: Sequence[str]) -> Remarks:
    """Give the draft other modules, at the version that it has."""
    former = _compare(draft, template)
    template.update(modules)
    for path in draft.root.glob(_LOCKS):
        if path.parent.name in template.modules and path.parent.name not in modules:
            path.unlink()
    unwanted = _delete_again(draft, former.deleted)
    return Remarks(former.edited, _aged(former, template), former.replaced, unwanted)


@dataclass(frozen=True, slots=True)
class _Former:
    """How the project differed from what the template had made: by files that are whole, edited, deleted."""

    whole: frozenset[str]
    edited: frozenset[str]
    deleted: frozenset[str]
    replaced: tuple[str, ...]


def _aged(former: _Former, template: Template) -> frozenset[str]:
    return frozenset(path for path in former.edited if template.is_users(path))


def _compare(draft: Draft, template: Template) -> _Former:
    """Compare the draft with what the template had made; then give the framework back its own."""
    with tempfile.TemporaryDirectory(prefix="framework-", ignore_cleanup_errors=True) as folder:
        made = Path(folder).resolve()
        template.render_old(made)
        paths = frozenset(_files(made))
        deleted = frozenset(
            path for path in paths if not path.startswith(FRAMEWORK) and not (draft.root / path).exists()
        )
        edited = frozenset(path for path in paths - deleted if not _are_equal(made / path, draft.root / path))
        replaced = _reset_framework(draft, made)
    return _Former(paths - edited - deleted, edited, deleted, replaced)


def _reset_framework(draft: Draft, made: Path) -> tuple[str, ...]:
    """Make the framework what the template had made it; returns the files that were different."""
    theirs, ours = (set(_files(folder, FRAMEWORK)) for folder in (made, draft.root))
    differing = [path for path in theirs & ours if not _are_equal(made / path, draft.root / path)]
    replaced = sorted([*differing, *(theirs ^ ours)])
    for path in replaced:
        if path in theirs:
            (draft.root / path).parent.mkdir(parents=True, exist_ok=True)
            (draft.root / path).write_bytes((made / path).read_bytes())
        else:
            (draft.root / path).unlink()
    if replaced:
        draft.commit("The framework as the template has it")
    return tuple(replaced)


def _files(folder: Path, below: str = "") -> Iterable[str]:
    found = (folder / below).rglob("*")
    paths = (path.relative_to(folder) for path in found if path.is_symlink() or path.is_file())
    return (path.as_posix() for path in paths if path.parts[0] != ".git")


def _are_equal(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _delete_again(draft: Draft, deleted: Iterable[str]) -> tuple[str, ...]:
    """Delete what the user had deleted; returns what had come back."""
    returned = sorted(path for path in deleted if (draft.root / path).exists())
    for path in returned:
        (draft.root / path).unlink()
    return tuple(returned)


def _offered(
    draft: Draft, template: Template, news: Mapping[str, bytes | None], deleted: frozenset[str]
) -> Iterator[str]:
    """What is new in the template, and does not come to the user by itself."""
    for path, content in news.items():
        file = draft.root / path
        is_news = content is not None and not (file.is_file() and file.read_bytes() == content)
        if is_news and (template.is_users(path) or path in deleted):
            yield path


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where the user and the template have changed the same lines; `line` counts from 1."""

    path: str
    line: int


def conflicts(draft: Draft, unmerged: Iterable[str]) -> list[Conflict]:
    """Where in the draft a person has to choose; line 0 where a whole file is concerned."""
    top = draft.checkout.top
    found = []
    for path in sorted({entry.partition("\t")[2] for entry in unmerged}):
        name = (top / path).relative_to(draft.checkout.root).as_posix()
        content = (draft.root / name).read_bytes() if (draft.root / name).is_file() else b""
        lines = [n for n, line in enumerate(content.splitlines(), 1) if line.startswith(_MARKERS)]
        found += [Conflict(name, line) for line in lines or [0]]
    return found
