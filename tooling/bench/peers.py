"""Other generators of Python, in an environment of their own, on the OpenAPI document of the same project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tooling.bench.measurement import Subject, set_aside

REQUIREMENTS = Path(__file__).with_name("peers.txt")

MODELS = "datamodel-code-generator"
SERVER = "fastapi-code-generator"
CLIENT = "openapi-python-client"


def make_environment(folder: Path, requirements: Path = REQUIREMENTS) -> Path:
    """The `bin` folder of an environment with the peers; it is made when it is not there or outdated.

    Raises `CalledProcessError` if they cannot be installed; pip has said why.
    """
    stamp = folder / "requirements.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != requirements.read_text("utf-8"):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(folder / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", requirements], check=True)
        shutil.copy(requirements, stamp)
    return folder / "bin"


def subjects(
    tools: Path, document: Path, folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, Subject]]:
    """Each peer by name, writing below `folder`."""
    path = {**environment, "PATH": f"{tools}:{environment['PATH']}"}
    commands = {
        MODELS: [
            *(tools / "datamodel-codegen", "--input", document, "--input-file-type", "openapi"),
            *("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "ruff-format"),
            *("--disable-timestamp", "--output", folder / "models.py"),
        ],
        SERVER: [tools / "fastapi-codegen", "--input", document, "--output", folder / "server"],
        CLIENT: [
            *(tools / "openapi-python-client", "generate", "--path", document),
            *("--output-path", folder / "client"),
        ],
    }
    for name, command in commands.items():
        yield name, Subject(list(map(str, command)), folder, path, lambda: _empty(folder))


def _empty(folder: Path) -> None:
    set_aside(folder)
    folder.mkdir()
