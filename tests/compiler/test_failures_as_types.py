"""The runtime's message on failures is a type like those of the specs, also where no event carries it."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.plan import plan

SERVICES = "version: 2\nservices:\n  - {name: shop, type: python-fastapi}\n"
MODELS = {
    "a field": "models:\n  Job:\n    fields:\n      last: {type: OperationFailed, optional: true}\n",
    "an output": "models: {}\n",
}
OPERATION = """domain: jobs
operations:
  list_failures:
    output: list[OperationFailed]
    rest: {method: GET, path: /failures}
"""


@pytest.mark.parametrize("place", MODELS)
def test_it_is_there_for_python_and_typescript(place: str, tmp_path: Path) -> None:
    (tmp_path / "shared/spec").mkdir(parents=True)
    (tmp_path / "services.yml").write_text(SERVICES)
    (tmp_path / "shared/spec/models.yaml").write_text(MODELS[place])
    (tmp_path / "shared/spec/events.yaml").write_text("events: {}\n")
    if place == "an output":
        (tmp_path / "services/shop/spec").mkdir(parents=True)
        (tmp_path / "services/shop/spec/jobs.yaml").write_text(OPERATION)

    planned = plan(tmp_path)

    assert not planned.diagnostics.has_errors, list(planned.diagnostics)
    files = {file.path: file.text for file in planned.files}
    python = files["shared/shared/generated/schemas.py"]
    assert "from framework.runtime.failures import OperationFailed as OperationFailed" in python
    assert "export interface OperationFailed {" in files["shared/shared/generated/types.ts"]
