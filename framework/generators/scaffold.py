"""The beginning of a service: what a person goes on to write, made when there is no `main.py` yet."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File
from framework.generators.methods import package
from framework.generators.templating import render
from framework.system import Service, ServiceType, System

_COMMON = {
    "src/main.py": "scaffold/main.py.j2",
    "tests/test_service.py": "scaffold/test_service.py.j2",
    "pyproject.toml": "scaffold/pyproject.toml.j2",
    "AGENTS.md": "scaffold/AGENTS.md.j2",
}

_WITH_DATABASE = {
    "src/models/__init__.py": "scaffold/models.py.j2",
    "src/models/base.py": "scaffold/models_base.py.j2",
}

_BY_TYPE = {
    ServiceType.TELEGRAM: {
        "src/main.py": "scaffold/telegram_main.py.j2",
        "src/handlers/__init__.py": "scaffold/telegram_handlers.py.j2",
        "src/handlers/start.py": "scaffold/telegram_start.py.j2",
        "tests/test_service.py": "scaffold/telegram_test.py.j2",
    },
    ServiceType.PYTHON: {
        "src/main.py": "scaffold/process_main.py.j2",
        "tests/test_service.py": "scaffold/process_test.py.j2",
    },
}
"""What a type of service has besides the common files or in their stead."""


def generate(system: System) -> Iterator[File]:
    """The stubs of every Python service; the controllers' are made wherever a domain lacks one."""
    for service in filter(lambda each: each.type.is_python, system.services):
        folder = f"services/{service.name}"
        for path, template in _templates(service).items():
            text = render(template, service=service, package=package(service))
            yield File(f"{folder}/{path}", text, once=True, landmark=f"{folder}/src/main.py")


def _templates(service: Service) -> dict[str, str]:
    with_database = _WITH_DATABASE if service.database else {}
    return {**_COMMON, **with_database, **_BY_TYPE.get(service.type, {})}
