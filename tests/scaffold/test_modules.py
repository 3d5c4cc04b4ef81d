"""The modules of the template begin as services of one's own do: what both say, both say alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.formatting import formatted
from framework.load import load
from framework.resolve import resolve
from framework.scaffold.stubs import stubs
from tests.copier.support import MODULES, ROOT, link_specs

TEMPLATE = ROOT / "template"
OWN = {
    "AGENTS.md": MODULES,  # says what the module does
    "src/main.py": ("backend", "notifications"),  # adds routes written by hand
    "src/models/__init__.py": ("backend", "notifications"),  # names the models
    "src/handlers/start.py": ("tg_bot",),  # has other handlers
    "tests/test_service.py": MODULES,  # has other tests
}
"""What a module has of its own, and which modules that is."""


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The specs of a project with all modules."""
    link_specs(tmp_path)
    return tmp_path


def test_a_module_has_what_a_new_service_of_its_type_begins_with(specs: Path) -> None:
    specs_, diagnostics = load(specs)
    system = resolve(specs_, diagnostics)
    assert not diagnostics.has_errors
    # The frontend is a page, and what a node service begins with is a server.
    services = [service for service in system.services if service.name in MODULES and service.type.is_python]
    compared = 0
    for file in formatted([file for service in services for file in stubs(service)]):
        _, module, path = file.path.split("/", 2)
        if module in OWN.get(path, ()):
            continue
        assert (TEMPLATE / file.path).read_text() == file.text, file.path
        compared += 1
    assert compared >= 6
