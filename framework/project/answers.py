"""The answers file: which template the project was made from, which version, with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from framework.project.errors import ProjectError

ANSWERS_FILE = ".copier-answers.yml"

_ABSOLUTE = re.compile(r"[/~]|[\w.+-]+:|[\w.-]+@[\w.-]+:")
"""How places begin that mean the same from everywhere: paths from the root, URLs, `gh:…`, `git@host:…`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the project remembers of its making; `given` are the answers to the template's questions."""

    source: str
    version: str
    modules: tuple[str, ...]
    given: Mapping[str, object]


def read_answers(root: Path) -> Answers:
    """Read the answers of the project at `root`.

    Raises ProjectError if they lead to no version of a template.
    """
    try:
        found = yaml.safe_load((root / ANSWERS_FILE).read_text("utf-8"))
    except FileNotFoundError:
        raise ProjectError(
            f"{ANSWERS_FILE} is missing: it says which version of which template this project was made\n"
            f"from. Get it back: git log --diff-filter=D -- {ANSWERS_FILE}"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProjectError(f"{ANSWERS_FILE} cannot be read: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("modules"), list):
        raise ProjectError(f"{ANSWERS_FILE} has no list `modules`; get it back as it was, from git.")
    source, version = (str(found.get(key) or "") for key in ("_src_path", "_commit"))
    _require_place(source, version)
    given = {key: value for key, value in found.items() if not key.startswith("_")}
    return Answers(source, version, tuple(map(str, found["modules"])), given)


def _require_place(source: str, version: str) -> None:
    """Refuse what leads nowhere."""
    if not source or not version:
        raise ProjectError(
            f"This project was copied from a plain folder{f' ({source})' if source else ''}, so there is\n"
            f"no version that it could be compared with. Write into {ANSWERS_FILE}, and commit:\n"
            "`_src_path` is the URL of the template's git repository, `_commit` the version (tag or commit)\n"
            "that it was made from."
        )
    if not _ABSOLUTE.match(source):
        raise ProjectError(
            f"The template's place is written as {source!r} in {ANSWERS_FILE}, relative to wherever\n"
            "Copier was started. Write a URL there, or a path from the root, as `_src_path`, and commit that."
        )
