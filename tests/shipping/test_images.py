"""A service runs with what is in its image: the runtime without the compiler, and its own packages only."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from framework import deployment
from framework.servers.ports import free_port
from framework.servers.telegram import TelegramApi
from framework.testkit import eventually
from tests.copier.support import MODULE_SETS
from tests.shipping.image import Image
from tests.shipping.projects import module_set, system_of

SERVICES = [
    "backend",
    "tg_bot",
    pytest.param("notifications", marks=pytest.mark.matrix),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return module_set(tmp_path_factory.mktemp("modules") / "project", MODULE_SETS[-1])


@pytest.fixture
def settings(redis_url: str, telegram_api: TelegramApi, tmp_path: Path) -> dict[str, str]:
    """What a deployment tells a service, its secrets as files."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "TELEGRAM_BOT_TOKEN").write_text(telegram_api.token)
    return {
        "ENVIRONMENT": "production",
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'production.db'}",
        "API_BASE_URL": "http://backend.invalid:8000",
        "TELEGRAM_API_URL": telegram_api.url,
        "SECRETS_DIR": str(secrets),
    }


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_runs(name: str, project: Path, tmp_path: Path, settings: dict[str, str]) -> None:
    (service,) = (each for each in system_of(project).services if each.name == name)
    image = Image(project, service, tmp_path / "image")
    if service.database:
        assert _end(image.run(deployment.migration(service), **settings)) == 0
    settings["OPERATIONS_PORT"] = port = str(free_port())
    assert _end(image.run(image.probe, **settings)) == 1
    command = [str(free_port()) if word == str(service.port) else word for word in image.command]
    process = image.run(command, **settings)
    try:
        await eventually(lambda: _is_ready(process, f"http://127.0.0.1:{port}{deployment.READY}"), within=60)
        assert _end(image.run(image.probe, **settings)) == 0
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=deployment.STOP_SECONDS)
        # Uvicorn ends by the signal itself when all is done, but for the first process of a container.
        assert process.returncode in {0, -signal.SIGTERM}, output
        assert any(words in output for words in ("shutdown complete", "Application.stop() complete")), output
    finally:
        process.kill()


def test_the_compiler_is_left_out(project: Path, tmp_path: Path) -> None:
    (service,) = (each for each in system_of(project).services if each.name == "backend")
    image = Image(project, service, tmp_path / "image")
    assert _end(image.run(["python", "-m", "framework.runtime.settings"])) == 0
    for missing in ("framework.generators", "jinja2", "ruff", "telegram", "pytest"):
        assert _end(image.run(["python", "-m", missing])) != 0
    assert not list(image.app.rglob("tests"))
    assert not list(image.app.rglob("*.yaml"))


async def _is_ready(process: subprocess.Popen[str], url: str) -> bool:
    assert process.poll() is None, process.communicate()[0]
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(url)).status_code == 200
        except httpx.TransportError:
            return False


def _end(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode
