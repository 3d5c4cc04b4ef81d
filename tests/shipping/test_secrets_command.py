"""`make secrets`: what machines need is made up, what people know is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.cli import main
from tests.compiler.projects import write
from tests.kubernetes.kustomize import build
from tests.kubernetes.projects import FILES, manifests


@pytest.fixture
def root(tmp_path: Path) -> Path:
    manifests(write(tmp_path, FILES))
    return tmp_path


def test_what_people_know_is_asked_for_and_what_was_made_up_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["secrets", "--root", str(root)]) == 1
    made, told = capsys.readouterr()
    assert "infra/secrets/shop_DATABASE_PASSWORD: made up; keep it" in made
    assert "infra/secrets/MAIL_TOKEN" in told
    assert "infra/secrets/TELEGRAM_BOT_TOKEN" in told
    assert "PASSWORD" not in told


def test_every_file_that_kubernetes_takes_is_there_afterwards(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "infra/secrets"
    for name in ("MAIL_TOKEN", "TELEGRAM_BOT_TOKEN"):
        (folder / name).write_text("known to people")

    assert main(["secrets", "--root", str(root)]) == 0

    assert "infra/secrets/shop_DATABASE_PASSWORD: made up; keep it" in capsys.readouterr().out
    secrets = [each for each in build(root / "infra/k8s/overlays/local") if each["kind"] == "Secret"]
    files = {file or key for each in secrets for key, file in each["data"].items()}
    assert files == {path.name for path in folder.iterdir()} - {"kustomization.yaml"}
    before = (folder / "shop_DATABASE_PASSWORD").read_text()
    assert main(["secrets", "--root", str(root)]) == 0
    assert (folder / "shop_DATABASE_PASSWORD").read_text() == before
