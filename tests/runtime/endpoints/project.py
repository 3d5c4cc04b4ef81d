"""A project with every kind of operation: all of the spec language, all parameters, the template's API."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.generators.cases import CASES, ROOT, copy_specs, generate

BACKEND = ROOT / "template" / "services" / "backend" / "spec"
SHARED = ROOT / "template" / "shared" / "spec"
EVERYTHING = Path(__file__).parent / "specs" / "everything.yaml"

ENTRIES = """  - name: backend
    type: python-fastapi
    database: true
  - name: gauge
    type: python-fastapi
"""


def make_project(root: Path) -> Path:
    """Specs and what is generated from them; nobody wrote a controller."""
    copy_specs(CASES / "language", root)
    services = root / "services.yml"
    text = services.read_text().replace("  - name: desk\n", f"{ENTRIES}  - name: desk\n")
    services.write_text(text)
    shutil.copytree(BACKEND, root / "services" / "backend" / "spec")
    for kind in ("models", "events"):
        (root / "shared" / "spec" / kind).mkdir(exist_ok=True)
        shutil.copy(SHARED / f"{kind}.yaml", root / "shared" / "spec" / kind / "template.yaml")
    (root / "services" / "gauge" / "spec").mkdir(parents=True)
    shutil.copy(EVERYTHING, root / "services" / "gauge" / "spec")
    generate(root)
    (root / "shared" / "shared" / "__init__.py").touch()
    return root
