"""`Dockerfile` of a service: its image for production, and for Python what its source is mounted into."""

from __future__ import annotations

import json
from collections.abc import Iterator

from framework import deployment
from framework.files import File, banner
from framework.generators.templating import render
from framework.system import Service, System

PYTHON_IMAGE = "python:3.13-slim-trixie"
"""What images are built on; its digest would pin it for good, and is not known to a generator."""

NODE_IMAGE = "node:24-slim"
"""That of node services; a page, which is made and not run, brings a Dockerfile of its own."""


def generate(system: System) -> Iterator[File]:
    """One for each service; its context is the folder of the project."""
    for service in system.services:
        text = _of_python(service) if service.type.is_python else _of_node(service)
        yield File(f"services/{service.name}/Dockerfile", text)


def _of_node(service: Service) -> str:
    address = f"http://127.0.0.1:{service.port}{deployment.READY}"
    ask = f"fetch('{address}').then((answer) => process.exit(answer.ok ? 0 : 1))"
    return render(
        "shipping/Dockerfile.node.j2",
        banner=banner("services.yml"),
        service=service,
        node_image=NODE_IMAGE,
        user=deployment.USER,
        probe=json.dumps(["node", "--eval", ask]),
        description=_quoted(service.description),
    )


def _of_python(service: Service) -> str:
    operations_port = deployment.operations_port(service)
    return render(
        "shipping/Dockerfile.python.j2",
        banner=banner("services.yml"),
        service=service,
        python_image=PYTHON_IMAGE,
        settings=deployment.image_settings(service),
        user=deployment.USER,
        ports=[str(port) for port in sorted({service.port, operations_port})],
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
