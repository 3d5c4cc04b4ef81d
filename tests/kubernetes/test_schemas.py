"""The manifests hold up to the schemas of Kubernetes, strictly; what is wrong is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kubernetes.kustomize import Object

VALIDATE = Path(sys.prefix, "bin", "kubernetes-validate")
VERSIONS = ("1.33", "1.37")

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.skipif(not VALIDATE.exists(), reason="make test-all installs kubernetes-validate"),
]


def validate(objects: list[Object], folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    file = folder / "objects.yaml"
    file.write_text("\n---\n".join(json.dumps(each) for each in objects))
    command = [str(VALIDATE), "--strict", "--quiet", "-k", version, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_what_kubernetes_knows(built: list[Object], tmp_path: Path, version: str) -> None:
    done = validate(built, tmp_path, version)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("Deployment", "progressDeadline", 5),
        ("Deployment", "strategy", "Recreate"),
        ("NetworkPolicy", "policyTypes", "Egress"),
        ("HorizontalPodAutoscaler", "maxReplicas", "many"),
        ("Job", "backOffLimit", 3),
        ("Ingress", "rules", {}),
    ],
)
def test_a_mistake_is_seen(objects: list[Object], tmp_path: Path, kind: str, key: str, value: object) -> None:
    broken = next(each for each in objects if each["kind"] == kind)
    broken["spec"][key] = value
    done = validate([broken], tmp_path, VERSIONS[-1])
    assert done.returncode != 0
    assert key in done.stdout + done.stderr
