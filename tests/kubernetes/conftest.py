"""The objects of a system, for tests to look at and to break."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.kubernetes.kustomize import Object, build
from tests.kubernetes.projects import manifests


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Object]:
    """What `kubectl apply -k overlays/local` would create; not to be changed."""
    return build(manifests(tmp_path_factory.mktemp("system")) / "overlays/local")


@pytest.fixture
def objects(built: list[Object]) -> list[Object]:
    """The same, to be changed at will."""
    return deepcopy(built)
