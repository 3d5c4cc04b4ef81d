"""The project that says everything which the spec language can say, made so that it can be run."""

from __future__ import annotations

from pathlib import Path

from tests.generators.cases import CASES, make_project

SERVICES = ("shop", "desk", "courier")
"""Those that answer HTTP."""

_CONTROLLER = """\
from services.{service}.src.generated.protocols import {name}Protocol
from tests.fuzzing.answering import answering

{name} = answering({name}Protocol, "{service}")
"""


def make_language_project(root: Path) -> Path:
    """Make the project at `root`; its controllers make their answers up."""
    make_project(CASES / "language", root)
    for service in SERVICES:
        for controller in (root / "services" / service / "src" / "controllers").glob("[a-z]*.py"):
            name = "".join(word.capitalize() for word in controller.stem.split("_")) + "Controller"
            controller.write_text(_CONTROLLER.format(service=service, name=name))
    (root / ".env.example").write_text("")
    return root
