"""Programs that stand on the path in the place of real ones."""

import os
from pathlib import Path

import pytest


def put_docker_on_the_path(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `docker` be this script, for the length of a test; `folder` takes it."""
    program = folder / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(text)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
