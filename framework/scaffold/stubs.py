"""The beginning of a service: what a person goes on to write, besides its specs and their controllers."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File
from framework.generators.methods import package
from framework.generators.templating import render
from framework.system import Service, ServiceType

_PYTHON = {
    "src/main.py": "main.py.j2",
    "tests/test_service.py": "test_service.py.j2",
    "pyproject.toml": "pyproject.toml.j2",
    "AGENTS.md": "AGENTS.md.j2",
}

_WITH_DATABASE = {
    "src/models/__init__.py": "models.py.j2",
    "src/models/base.py": "models_base.py.j2",
}

_BY_TYPE = {
    ServiceType.FASTAPI: _PYTHON,
    ServiceType.FASTSTREAM: _PYTHON,
    ServiceType.TELEGRAM: {
        **_PYTHON,
        "src/main.py": "telegram_main.py.j2",
        "src/handlers/__init__.py": "telegram_handlers.py.j2",
        "src/handlers/start.py": "telegram_start.py.j2",
        "tests/test_service.py": "telegram_test.py.j2",
    },
    ServiceType.PYTHON: {
        **_PYTHON,
        "src/main.py": "process_main.py.j2",
    },
    ServiceType.NODE: {
        "package.json": "node_package.json.j2",
        "package-lock.json": "node_package-lock.json.j2",
        "pyproject.toml": "node_pyproject.toml.j2",
        "src/main.ts": "node_main.ts.j2",
        "src/server.ts": "node_server.ts.j2",
        "src/server.test.ts": "node_server_test.ts.j2",
        "AGENTS.md": "node_AGENTS.md.j2",
    },
}
"""The files of a service by its type, and the template of each."""


def landmark(kind: ServiceType) -> str:
    """The file in its folder that a service of this type cannot be without: where it stands, it is made."""
    return "src/main.py" if kind.is_python else "package.json"


def stubs(service: Service) -> Iterator[File]:
    """The files that a new service begins with, unformatted."""
    templates = {**_BY_TYPE[service.type], **(_WITH_DATABASE if service.database else {})}
    for path, template in templates.items():
        text = render(f"scaffold/{template}", service=service, package=package(service))
        yield File(f"services/{service.name}/{path}", text, once=True)
