"""`Dockerfile` of a Python service: its image for production, and the one that its source is mounted into."""

from __future__ import annotations

import json
from collections.abc import Iterator

from framework import deployment
from framework.files import File, banner
from framework.generators.templating import render
from framework.system import Service, System

PYTHON_IMAGE = "python:3.13-slim-trixie"
"""What images are built on; its digest would pin it for good, and is not known to a generator."""


def generate(system: System) -> Iterator[File]:
    """One for each Python service; its context is the folder of the project."""
    for service in system.services:
        if service.type.is_python:
            yield File(f"services/{service.name}/Dockerfile", _dockerfile(service))


def _dockerfile(service: Service) -> str:
    operations_port = deployment.operations_port(service)
    return render(
        "shipping/Dockerfile.python.j2",
        banner=banner("services.yml"),
        service=service,
        python_image=PYTHON_IMAGE,
        settings=deployment.image_settings(service),
        user=deployment.USER,
        ports=sorted({service.port, operations_port}),
        probe=json.dumps(deployment.probe(service)),
        command=json.dumps(deployment.command(service)),
        description=_quoted(service.description),
    )


def _quoted(text: str) -> str:
    """A value of a label, in which nothing is a variable, an escape, or the end of the line."""
    words = " ".join(text.split())
    shown = "".join(each for each in words if each.isprintable())
    for character in '\\"$':
        shown = shown.replace(character, "\\" + character)
    return f'"{shown}"'
