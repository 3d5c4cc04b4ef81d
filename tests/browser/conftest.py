"""Projects of several module sets, their services, and a browser that looks at their page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framework.node.programs import find_node
from framework.pytest_plugin import redis_server, redis_url
from framework.testkit import Clients
from tests.copier.support import ROOT, named, render

if TYPE_CHECKING:
    from playwright.async_api import Browser

__all__ = ["redis_server", "redis_url"]

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_program() -> str:
    """The browser of this machine."""
    pytest.importorskip("playwright", reason="no playwright here: `make test-browser` installs it")
    found = os.environ.get("BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no browser here: apt install chromium-headless-shell, or name one in BROWSER")
    return found


@pytest.fixture
async def browser(browser_program: str) -> AsyncIterator[Browser]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        # As root, which containers are, Chromium has no sandbox.
        browser = await playwright.chromium.launch(executable_path=browser_program, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def packages(browser_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What npm installs for the page, once for all projects."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "template/services/frontend" / name, folder)
    node = find_node()
    command = node.npm_command("ci", "--prefer-offline")
    subprocess.run(command, cwd=folder, env=node.environment(folder, os.environ), check=True)
    return folder / "node_modules"


@pytest.fixture(scope="session")
def project(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], Path]:
    """Makes the project of a module set, once for all tests; not to be changed."""
    made: dict[str, Path] = {}

    def make(modules: Sequence[str]) -> Path:
        name = named(modules)
        if name not in made:
            root = made[name] = render(ROOT, tmp_path_factory.mktemp("projects") / "shop", modules)
            subprocess.run([sys.executable, "-m", "framework", "generate"], cwd=root, check=True)
            node_modules = root / "services/frontend/node_modules"
            shutil.copytree(packages, node_modules, symlinks=True, copy_function=os.link)
        return made[name]

    return make


@pytest.fixture
async def services(
    project: Callable[[Sequence[str]], Path],
    modules: Sequence[str],
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Clients]:
    """The services of the project of `modules`, to be started."""
    root = project(modules)
    roots = [str(root), str(root / "shared"), str(ROOT)]
    environment = {**os.environ, "REDIS_URL": redis_url, "PYTHONPATH": os.pathsep.join(roots)}
    for folder in roots[:2]:  # migrations run in this process
        monkeypatch.syspath_prepend(folder)
    services = Clients(root, tmp_path, environment)
    yield services
    await services.close()
    for name in [each for each in sys.modules if each.split(".")[0] in {"services", "shared"}]:
        del sys.modules[name]
