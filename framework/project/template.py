"""The template of a project, through Copier: the only module that knows Copier, and the inner parts of it.

They are pinned by the lock that the project has of it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from contextvars import ContextVar
from dataclasses import replace
from functools import cache, cached_property
from io import StringIO
from pathlib import Path

from copier import VcsRef
from copier._jinja_ext import SandboxedEnvironment
from copier._main import Worker, as_operation
from copier._template import Template as CopierTemplate
from copier.errors import CopierError, UnsafeTemplateError, UnsupportedVersionError
from jinja2 import TemplateError
from packaging.version import Version
from plumbum import ProcessExecutionError
from yaml import YAMLError

from framework.project.answers import ANSWERS_FILE, Answers
from framework.project.errors import ProjectError
from framework.project.git import git, last_words

CURRENT = VcsRef.CURRENT
"""The version that the project has."""

_MOVED = f"If it has moved, write where it is now into {ANSWERS_FILE}, as `_src_path`, and commit that."

_UNKNOWN = re.compile(r"(?:Unknown revision|invalid reference): *(?P<name>[^;]*)")
"""How Copier speaks of a version that a local repository lacks, and git of one that a remote lacks."""

_FAILURES = (CopierError, ProcessExecutionError, TemplateError, YAMLError, ValueError, TypeError, OSError)
"""What a template that cannot be reached, or is not sound, ends in."""


_fetched: ContextVar[dict[tuple[str, str | None], CopierTemplate]] = ContextVar("_fetched")
"""The versions of the template that are there already, by where they come from and what they are called."""


class _Worker(Worker):
    """Copier's worker, which fetches each version of the template once, and runs no git for each file."""

    @cached_property
    def template(self) -> CopierTemplate:
        """The version that is wanted; Copier's own workers fetch one each."""
        wanted = CopierTemplate(
            url=self.src_path or _known(self.subproject.template).url,
            ref=self.resolved_vcs_ref,
            use_prereleases=self.use_prereleases,
        )
        return _fetched.get().setdefault((wanted.url, wanted.ref), wanted)

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        """Copier's environment, which compiles the same parts of paths once, not for every file."""
        environment = super().jinja_env
        environment.from_string = cache(environment.from_string)  # type: ignore[assignment, method-assign]
        return environment

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Leave the modes of files to git, which minds them in a draft."""


def _known(template: CopierTemplate | None) -> CopierTemplate:
    if template is None:
        raise ProjectError(f"{ANSWERS_FILE} names no template.")
    return template


class Template:
    """The template at the version that is wanted, and as it was when the project was last made from it."""

    def __init__(self, worker: Worker, answers: Answers) -> None:
        self._worker = worker
        self._answers = answers

    @cached_property
    def before(self) -> str:
        """The name of the version that the project has."""
        return _name(self._old)

    @cached_property
    def after(self) -> str:
        """The name of the version that is wanted."""
        return _name(self._worker.template)

    @property
    def is_newer(self) -> bool:
        """Whether what is wanted is newer than what the project has."""
        return self.after != self.before and _version(self._worker.template) >= _version(self._old)

    @property
    def is_older(self) -> bool:
        """Whether what is wanted is older than what the project has."""
        return self.after != self.before and not self.is_newer

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The services that the template has, in its order."""
        choices = self._worker.template.questions_data["modules"]["choices"]
        return tuple(choices.values() if isinstance(choices, Mapping) else choices)

    def is_users(self, path: str) -> bool:
        """Whether a file belongs to the user, once it stands."""
        return self._worker.match_skip(Path(path))

    def render_old(self, folder: Path) -> None:
        """Make the project as it was when it was made: the version that it has, its answers, nothing else."""
        answers = {**self._answers.given, "_src_path": self._old.url, "_commit": self._old.commit}
        with replace(
            self._worker, src_path=self._old.url, vcs_ref=self._old.commit, dst_path=folder, data=answers
        ) as worker:
            worker.run_copy()

    def update(self, modules: Sequence[str] | None = None) -> None:
        """Run Copier's update in the project, whose tree must be clean; `modules` are others than it has."""
        if modules is not None:
            self._worker.data["modules"] = list(modules)
        self._worker.run_update()

    def news(self) -> list[str]:
        """The files that differ between the two versions of the template, for the update that was run."""
        listed = self._compare("--name-only", "-z").decode().split("\0")[:-1]
        with suppress(AttributeError):
            del self._worker.match_exclude  # it holds for an update, which brings less than a copy
        is_excluded = as_operation("copy")(lambda: self._worker.match_exclude)()
        return [path for path in listed if not is_excluded(Path(path))]

    def newest(self, path: str) -> bytes | None:
        """The content of a file in the template at the version that is wanted."""
        file = self._worker.template_copy_root / path
        return file.read_bytes() if file.is_file() else None

    def difference(self, paths: Sequence[str], place: Path) -> bytes:
        """How files differ between the two versions, as a patch for a project at `place` of a repository."""
        folder = (place / "_").as_posix()[:-1]
        return self._compare(f"--src-prefix=a/{folder}", f"--dst-prefix=b/{folder}", "--", *paths)

    def _compare(self, *arguments: str) -> bytes:
        template = self._worker.template
        versions = (str(self._old.commit_hash), str(template.commit_hash))
        return git(
            self._worker.template_copy_root, "diff", "--no-renames", "--relative", *versions, *arguments
        )

    @property
    def _old(self) -> CopierTemplate:
        return _known(self._worker.subproject.template)


def _name(template: CopierTemplate) -> str:
    if template.commit is None:
        raise ProjectError(f"There is no template under git at {template.url}.\n{_MOVED}")
    return template.commit


def _version(template: CopierTemplate) -> Version:
    if template.version is None:
        raise ProjectError(f"{template.commit} is no version of the template at {template.url}.")
    return template.version


@contextmanager
def template_of(root: Path, answers: Answers, wanted: str | VcsRef | None = None) -> Iterator[Template]:
    """Fetch the template of the project at `root`.

    `wanted` is a version, a branch or a commit; without one it is the newest release, or the newest commit
    where there is no release.

    Raises ProjectError, also for whatever fails within.
    """
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            with (
                _fetches(),
                _Worker(dst_path=root, vcs_ref=wanted, defaults=True, overwrite=True, quiet=True) as worker,
            ):
                yield Template(worker, answers)
    except _FAILURES as error:
        raise ProjectError(_explained(error, answers, wanted)) from error


@contextmanager
def _fetches() -> Iterator[None]:
    """Keep what is fetched until the end."""
    fetched: dict[tuple[str, str | None], CopierTemplate] = {}
    token = _fetched.set(fetched)
    try:
        yield
    finally:
        _fetched.reset(token)
        for template in fetched.values():
            template._cleanup()


def _explained(error: Exception, answers: Answers, wanted: str | VcsRef | None) -> str:
    """What a failure means, and what to do."""
    if isinstance(error, UnsupportedVersionError):
        return (
            f"{error}\nThis project has an older one. Update once with a newer Copier, which brings it:\n\n"
            "  pipx run copier update --defaults"
        )
    if isinstance(error, UnsafeTemplateError):
        return f"{error}\nThis command never lets a template run programs. Is {answers.source} the right one?"
    reason = last_words(error.stderr) if isinstance(error, ProcessExecutionError) else str(error)
    if _UNKNOWN.search(reason):
        return (
            f"The template at {answers.source} has no version {_missing(reason, answers, wanted)!r}.\n"
            "If that repository is a shallow clone, fetch the rest of it: git fetch --unshallow --tags"
        )
    if not isinstance(error, ProcessExecutionError) and not _is_unreachable(reason):
        return f"The template at {answers.source} cannot be used: {reason}"
    return f"The template at {answers.source} cannot be fetched: {reason}\n{_MOVED}"


def _missing(reason: str, answers: Answers, wanted: str | VcsRef | None) -> str:
    found = _UNKNOWN.search(reason)
    named = found and found["name"].strip("'")
    return named or (wanted if isinstance(wanted, str) else answers.version)


def _is_unreachable(reason: str) -> bool:
    return "Local template must be a directory" in reason
