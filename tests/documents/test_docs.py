"""`framework docs`: written from the code, compared with `--check`, with no server and no setting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from framework.cli import main
from tests.generators.cases import CASES, copy_specs, make_project

OPENAPI = "docs/api/backend.openapi.json"
ASYNCAPI = "docs/api/backend.asyncapi.json"
MAIN = "services/backend/src/main.py"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A complete project, and nothing in the environment that it would need to run."""
    for name in ("REDIS_URL", "DATABASE_URL", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    return make_project(CASES / "users_example", tmp_path)


def docs(root: Path, *arguments: str) -> int:
    return main(["docs", "--root", str(root), *arguments])


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_documents_are_valid_and_stay_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".env").write_bytes(b"\xff")
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    assert docs(root) == 0
    openapi, asyncapi = (json.loads((root / path).read_text("utf-8")) for path in (OPENAPI, ASYNCAPI))

    validate(openapi)
    assert openapi["paths"]["/users"]["post"]["operationId"] == "create_user"
    assert asyncapi["operations"]["publish_user_created"]["action"] == "send"
    assert asyncapi["components"]["schemas"]["UserRead"]["properties"]["name"]["type"] == "string"
    assert {path.name for path in root.glob("**/*.db")} == set()
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    assert docs(root, "--check") == 0


def test_a_drift_is_shown_and_mended(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert docs(root, "--check") == 1
    assert f"+++ b/{OPENAPI}" in capsys.readouterr().out
    assert not (root / "docs/api").exists()
    assert docs(root) == 0
    append(
        root / MAIN, '\n\n@app.get("/by-hand")\nasync def by_hand() -> int:\n    print("x")\n    return 1\n'
    )
    append(root / MAIN, '\n\nprint("what a module prints is no document")\n')
    (root / "docs/api/gone.openapi.json").write_text((root / OPENAPI).read_text("utf-8"), "utf-8")
    (root / "docs/api/own.json").write_text('{"openapi": "3.1.0"}', "utf-8")

    assert docs(root, "--check") == 1
    told = capsys.readouterr()
    assert '+    "/by-hand": {' in told.out
    assert "--- a/docs/api/gone.openapi.json\n+++ /dev/null" in told.out
    assert "make docs" in told.err
    assert docs(root) == 0
    assert "/by-hand" in json.loads((root / OPENAPI).read_text("utf-8"))["paths"]
    assert not (root / "docs/api/gone.openapi.json").exists()
    assert (root / "docs/api/own.json").exists()


def test_a_document_written_by_hand_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "docs/api").mkdir(parents=True)
    (root / OPENAPI).write_text("{}", "utf-8")

    assert docs(root) == 1
    assert f"{OPENAPI}: this file was not generated" in capsys.readouterr().err
    assert (root / OPENAPI).read_text("utf-8") == "{}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise ValueError('broken')", "ValueError: broken (services/backend/src/main.py:"),
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("x = (", "SyntaxError: '(' was never closed (services/backend/src/main.py:"),
        (
            "from framework.runtime.settings import ServiceSettings, load\n\n\n"
            "class Own(ServiceSettings):\n    shop_key: str\n\n\nload(Own)",
            "SHOP_KEY: is not set.\n  What it must be told may stand in .env.example",
        ),
    ],
    ids=["raises", "imports", "syntax", "settings"],
)
def test_code_that_cannot_be_imported_is_told_in_a_few_words(
    root: Path, code: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    append(root / MAIN, f"\n{code}\n")

    assert docs(root) == 1
    told = capsys.readouterr().err
    assert "backend: its code cannot be imported" in told
    assert words in told
    assert "Traceback" not in told
    assert not (root / "docs/api").exists()


def test_a_setting_of_the_project_comes_from_its_example(root: Path) -> None:
    append(
        root / MAIN,
        "\nfrom framework.runtime.settings import ServiceSettings, load\n\n\n"
        "class Own(ServiceSettings):\n    shop_key: str\n\n\napp.title = load(Own).shop_key\n",
    )
    (root / ".env.example").write_text("SHOP_KEY=a-key\n", "utf-8")

    assert docs(root) == 0
    assert json.loads((root / OPENAPI).read_text("utf-8"))["info"]["title"] == "a-key"


def test_specs_with_mistakes_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "services.yml").write_text("version: 1\n", "utf-8")

    assert docs(root) == 1
    assert "services.yml:1:10: error[bad-value]" in capsys.readouterr().err


def test_services_of_every_type_have_their_documents(tmp_path: Path) -> None:
    root = make_project(CASES / "language", tmp_path)

    assert docs(root) == 0
    written = {path.name for path in (root / "docs/api").iterdir()}
    assert {"bot.asyncapi.json", "shop.asyncapi.json", "shop.openapi.json", "worker.asyncapi.json"} <= written
    # Bots and workers answer no HTTP that is anybody's business.
    assert not {"bot.openapi.json", "worker.openapi.json"} & written
    validate(json.loads((root / "docs/api/shop.openapi.json").read_text("utf-8")))


def test_a_project_that_was_never_generated_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert docs(copy_specs(CASES / "users_example", tmp_path)) == 1
    assert "make generate-from-spec" in capsys.readouterr().err
