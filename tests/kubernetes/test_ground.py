"""Whose the manifests are: all but the overlay of production follow from services.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.lint import lint
from tests.compiler.projects import write
from tests.generators.cases import generate
from tests.kubernetes.projects import FILES

BASE = "infra/k8s/base"
PRODUCTION = "infra/k8s/overlays/production/kustomization.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A generated project whose user has written the overlay of production."""
    write(tmp_path, FILES)
    generate(tmp_path)
    (tmp_path / PRODUCTION).write_text("# Mine.\n")
    return tmp_path


def test_the_manifests_of_a_removed_service_go_with_it(root: Path) -> None:
    services = root / "services.yml"
    kept = [line for line in services.read_text().splitlines() if "name: page" not in line]
    services.write_text("\n".join(kept))

    changed = generate(root)

    assert f"{BASE}/page.yaml" in changed
    assert not (root / BASE / "page.yaml").exists()
    assert "page" not in (root / BASE / "kustomization.yaml").read_text()
    assert (root / PRODUCTION).read_text() == "# Mine.\n"


def test_what_is_changed_by_hand_is_told(root: Path) -> None:
    manifest = root / BASE / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("maxReplicas: 6", "maxReplicas: 60"))

    (found,) = (each for each in lint(root) if each.place.path == f"{BASE}/shop.yaml")

    assert found.code in {"edited-by-hand", "outdated-code"}


def test_the_users_overlay_is_no_drift(root: Path) -> None:
    assert [each for each in lint(root) if "infra" in each.place.path] == []
