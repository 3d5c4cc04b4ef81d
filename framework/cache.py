"""The folder in a project for what may be lost, such as records and locks; it tells git to ignore it."""

from __future__ import annotations

import os

FOLDER = ".framework_cache"


def path_in_cache(root: str | os.PathLike[str], name: str) -> str:
    """Where something stands in the cache of the project at `root`."""
    return os.path.join(root, FOLDER, name)


def make_cache(root: str | os.PathLike[str]) -> None:
    """Make the folder if there is none.

    Raises OSError if that is not possible, and if there is no project: `root` may just have been removed.
    """
    ignore = path_in_cache(root, ".gitignore")
    if os.path.exists(ignore):
        return
    os.stat(os.path.join(root, "services.yml"))
    os.makedirs(os.path.join(root, FOLDER), exist_ok=True)
    with open(ignore, "w", encoding="utf-8") as file:
        file.write("*\n")
