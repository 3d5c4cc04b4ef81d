"""A project of every module set, with a service of its own whose operation answers HTTP and handles an event.

`make e2e modules=backend+tg_bot` runs one of them, as CI does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.copier.support import ROOT, WHOLE_SETS, commit_all, git, named, render, run_make

TOOLS = str(ROOT / os.environ.get("TOOLS", ".tools"))
PYTHON = f"{sys.base_prefix}/bin/python3"

FILES = {
    "services.yml": """\
  - name: errands
    type: python-fastapi
    description: Errands, over REST and events.
    database: true
""",
    "shared/spec/models.yaml": """\
  Errand:
    fields:
      id: {type: int, readonly: true}
      what: {type: string, min_length: 1, max_length: 200}
    variants:
      Create: {exclude: [id]}
      Read: {}
""",
    "shared/spec/events.yaml": """\
  errand.asked:
    message: ErrandCreate
    description: Somebody wants something done.
    external: true
  errand.created:
    message: ErrandRead
    description: There is something to do.
    key: id
""",
    "services/errands/spec/errands.yaml": """\
domain: errands
operations:
  create_errand:
    description: Notes what is to be done.
    input: ErrandCreate
    output: ErrandRead
    rest: {method: POST, path: /errands, status: 201}
    events: {subscribe: errand.asked, publish_on_success: errand.created}
""",
}

METHOD = """\
        return ErrandRead(id=len(payload.what), what=payload.what)
"""

TESTS = '''\
"""One operation, whichever way it is called."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from framework.testkit import Events, migrate, serve
from services.errands.src.generated.app import create_app
from shared.generated.events import ERRAND_ASKED, ERRAND_CREATED
from shared.generated.schemas import ErrandCreate


@pytest.fixture
async def address(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where the service listens."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await migrate(Path(__file__).parents[1], database_url)
    async with serve(create_app()) as found:
        yield found


async def test_over_http(address: str, events: Events) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answer = await client.post("/errands", json={"what": "Buy milk"})
    assert (answer.status_code, answer.json()) == (201, {"id": 8, "what": "Buy milk"})
    assert [errand.id for errand in await events.published(ERRAND_CREATED)] == [8]


async def test_over_events(address: str, events: Events) -> None:
    await events.deliver(ERRAND_ASKED, ErrandCreate(what="Buy milk"))
    assert [errand.what for errand in await events.published(ERRAND_CREATED)] == ["Buy milk"]
'''


def make(project: Path, *targets: str) -> str:
    """Run make in the project, with the uv and the Python of this checkout; returns what it prints."""
    return run_make(project, *targets, TOOLS=TOOLS, PYTHON=PYTHON).stdout


@pytest.mark.matrix
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("one_environment")
@pytest.mark.parametrize("modules", WHOLE_SETS, ids=named)
def test_a_dual_operation(whole_template: Path, tmp_path: Path, modules: Sequence[str]) -> None:
    project = render(f"git+file://{whole_template}", tmp_path / "project", modules)
    commit_all(project, "A new project")
    make(project, "setup")
    for path, text in FILES.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "") + text)

    make(project, "validate-specs", "sync-services", "generate-from-spec")
    controller = project / "services/errands/src/controllers/errands.py"
    written = controller.read_text().replace('        raise NotImplementedError("not written yet")\n', METHOD)
    controller.write_text(written)
    (project / "services/errands/tests/test_errands.py").write_text(TESTS)

    make(project, "format", "lint", "typecheck", "tests")
    commit_all(project, "An operation over REST and events")
    assert "Nothing has changed" in make(project, "generate-from-spec")
    assert git(project, "status", "--porcelain") == ""
