"""Endpoints and FastAPI answer alike: the same requests, valid and invalid ones, down both ways."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generators.cases import ROOT
from tests.runtime.endpoints.project import make_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"))


def compare(project: Path, requests: int) -> dict[str, int]:
    """How many requests were sent, answered by endpoints, and with each status; all were answered alike."""
    roots = os.pathsep.join(map(str, (ROOT, project, project / "shared")))
    done = subprocess.run(
        [sys.executable, "-m", "tests.runtime.endpoints.both_ways", str(requests)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    assert counts["requests"] >= requests
    return counts


@pytest.mark.timeout(600)
def test_both_ways_answer_alike(project: Path) -> None:
    counts = compare(project, 500)

    assert counts["straight"] > 200
    assert {"status 200", "status 422", "status 405"} <= counts.keys()


@pytest.mark.matrix
@pytest.mark.timeout(1800)
def test_both_ways_answer_ten_thousand_requests_alike(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = compare(project, 10_000)

    with capsys.disabled():
        print(
            f"{counts['requests']:,} requests down both ways, {counts['drawn']:,} of them drawn at random; "
            f"{counts['straight']:,} answered by endpoints"
        )
    assert counts["drawn"] >= 10_000
    assert counts["straight"] > counts["drawn"] / 5
    assert [name for name, times in counts.items() if name.startswith("straight ") and times < 10] == []
