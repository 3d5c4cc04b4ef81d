"""The locks of services: made by uv from an index, kept where nothing changed, told when they fall behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.cli import main
from tests.bootstrap.index import locked, make_wheel, serve
from tests.bootstrap.test_bootstrap import MACHINE_PYTHON, TOOLS
from tests.compiler.projects import write
from tests.shipping.projects import ROOT

LOCK = "services/shop/requirements.lock"
SERVICES = """
    version: 2
    services:
      - {name: shop, type: python-fastapi, database: true}
      - {name: page, type: node}
"""
FRAMEWORK = """
    [project]
    name = "framework"
    version = "1"
    dependencies = ["always"]
    [project.optional-dependencies]
    compiler = ["compiling"]
    runtime = ["running"]
    database = ["storing"]
    telegram = ["chatting"]
"""
SHOP = """
    [project]
    name = "shop"
    version = "1"
    dependencies = ["selling>=1"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project, and an index with everything that it may ask for."""
    names = ("always", "compiling", "running", "storing", "chatting", "selling")
    wheels = [make_wheel(tmp_path, name, version, {}) for name in names for version in ("1.0", "2.0")]
    root = write(
        tmp_path / "project",
        {
            "services.yml": SERVICES,
            ".framework/pyproject.toml": FRAMEWORK,
            "services/shop/pyproject.toml": SHOP,
        },
    )
    (root / ".framework/framework").symlink_to(ROOT / "framework")
    pins = [wheel for wheel in wheels if "-1.0-" in wheel.name and "selling" not in wheel.name]
    (root / ".framework/requirements.lock").write_text(locked(*pins))
    monkeypatch.chdir(root)
    for variable in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(tmp_path / "index", *wheels) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        yield root


def lock(*arguments: str) -> int:
    return main(["lock", "--python", str(MACHINE_PYTHON), "--tools", str(TOOLS), *arguments])


def pins(project: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)==(\S+) ", (project / LOCK).read_text(), re.MULTILINE))


def test_a_lock_has_what_the_service_and_its_runtime_need(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lock() == 0
    assert capsys.readouterr().out == f"{LOCK}: written\n"
    # The framework's own lock decides, and what it does not know is the newest.
    assert pins(project) == {"always": "1.0", "running": "1.0", "storing": "1.0", "selling": "2.0"}
    text = (project / LOCK).read_text()
    assert text.startswith("# Generated from services/shop/pyproject.toml by `make lock`. Do not edit.\n")
    assert text.count("--hash=sha256:") == 4
    assert not re.search(r"://|file:|--index|127\.0\.0\.1", text)


def test_a_lock_that_has_fallen_behind_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lock("--check") == 0  # who ships nothing needs none
    assert lock() == 0
    assert lock("--check") == 0
    asked = project / "services/shop/pyproject.toml"
    asked.write_text(asked.read_text().replace("selling>=1", "selling<2"))
    assert lock("--check") == 1
    assert capsys.readouterr().err == f"{LOCK}: shop asks for something else now\nRun `make lock`.\n"
    assert lock("shop") == 0
    assert pins(project)["selling"] == "1.0"
    asked.write_text(asked.read_text().replace("selling<2", "selling>=1"))
    assert lock() == 0
    assert pins(project)["selling"] == "1.0", "what still fits is kept"
    assert lock() == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{LOCK}: is up to date"


@pytest.mark.parametrize(
    ("arguments", "change", "words"),
    [
        (["shpo"], "", "services.yml has no Python service 'shpo'; did you mean 'shop'?"),
        (["page"], "", "services.yml has no Python service 'page'"),
        ([], "dependencies = [", "this is no description of a project"),
        (
            [],
            'dependencies = ["nobody-has-this"]',
            "shop: its requirements could not be locked; nothing was changed",
        ),
    ],
)
def test_what_cannot_be_locked_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], change: str, words: str
) -> None:
    if change:
        (project / "services/shop/pyproject.toml").write_text(
            f'[project]\nname = "shop"\nversion = "1"\n{change}\n'
        )
    assert lock(*arguments) == 1
    assert words in capsys.readouterr().err
    assert not (project / LOCK).exists()
