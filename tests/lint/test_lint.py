"""What `framework lint` leaves alone, what its pasted text cures, and files that are hardly Python."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from tests.generators.cases import CASES, FOLDERS, NAMES, make_project

CONTROLLER = "services/shop/src/controllers/orders.py"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A service with the stubs of three operations, generated."""
    shutil.copytree(CASES / "lint-missing-method" / "specs", tmp_path, dirs_exist_ok=True)
    assert main(["sync", "--root", str(tmp_path)]) == 0
    return tmp_path


def found(root: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    main(["lint", "--root", str(root), "--format", "json"])
    diagnostics: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return diagnostics


def codes(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [each["code"] for each in found(root, capsys)]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_complete_projects_are_clean(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(folder, tmp_path)
    assert found(tmp_path, capsys) == []


def test_stubs_are_clean(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--root", str(shop)]) == 0
    assert capsys.readouterr().out.endswith("Specs, generated code and your code agree.\n")


def test_what_is_to_be_pasted_mends_the_controller(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / CONTROLLER
    path.write_text('class OrdersController:\n    """Looks after orders."""\n')
    while diagnostics := found(shop, capsys):
        imports, _, method = diagnostics[0]["paste"].rpartition("\n\n")
        path.write_text(f"{imports}\n{path.read_text()}\n{method}")

    assert main(["lint", "--root", str(shop)]) == 0
    assert path.read_text().count("async def") == 3
    assert path.read_text().count("import AsyncSession") == 1


def test_a_pasted_model_is_a_spec(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = shop / "services/shop/src/invoices.py"
    code.write_text(
        "import datetime\nfrom pydantic import BaseModel\n"
        "class Invoice(BaseModel):\n    sent: datetime.datetime | None\n    sums: dict[str, list[int]]\n"
    )
    [diagnostic] = found(shop, capsys)
    code.unlink()
    (shop / "shared/spec/models").mkdir()

    (shop / "shared/spec/models/invoices.yaml").write_text(diagnostic["paste"])

    assert main(["sync", "--root", str(shop)]) == 0
    schemas = (shop / "shared/shared/generated/schemas.py").read_text()
    assert "sums: dict[Text, list[Int64]]" in schemas or "sums: dict[str, list[Int64]]" in schemas


def test_a_class_from_elsewhere_is_followed_as_far_as_it_can_be(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shop / CONTROLLER
    path.rename(shop / "services/shop/src/logic.py")
    path.write_text("from ..logic import OrdersController as Real\n\nOrdersController = Real\n")
    assert codes(shop, capsys) == []

    (shop / "services/shop/src/logic.py").write_text("class OrdersController: pass\n")
    assert {each["path"] for each in found(shop, capsys)} == {"services/shop/src/logic.py"}

    path.write_text("from elsewhere import make\n\nOrdersController = make()\n")
    assert codes(shop, capsys) == []
    path.write_text("import elsewhere\n\nclass OrdersController(elsewhere.Base): pass\n")
    assert codes(shop, capsys) == []


def test_the_protocol_as_a_base_brings_no_methods(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / CONTROLLER).write_text(
        "from services.shop.src.generated.protocols import OrdersControllerProtocol\n"
        "class OrdersController(OrdersControllerProtocol): pass\n"
    )
    assert codes(shop, capsys) == ["missing-method"] * 3


def test_another_factory_of_controllers_is_trusted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / CONTROLLER).write_text("class OrdersController: pass\n")
    (shop / "services/shop/src/wiring.py").write_text(
        "from services.shop.src.generated.registry import create_api_router\n"
        "router = create_api_router(get_orders_controller=lambda: None)\n"
    )
    assert codes(shop, capsys) == []


def test_decorated_and_assigned_methods_are_trusted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / CONTROLLER).write_text(
        "from elsewhere import logged, place_order as _place\n"
        "class OrdersController:\n"
        "    @logged\n"
        "    def get_order(self): ...\n"
        "    list_orders = logged(None)\n"
        "    place_order = _place\n"
    )
    assert codes(shop, capsys) == []


def test_nothing_of_the_user_is_run(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "services/shop/src/trap.py").write_text("raise SystemExit('run')\n")
    assert codes(shop, capsys) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "python-syntax"),
        (b"name = 'a\x00b'\n", "python-syntax"),
        (b"# coding: nonsense\n", "python-syntax"),
        (b"(" * 100_000, "python-syntax"),
        (b"a = " + b"-" * 100_000 + b"1\n", "python-syntax"),
        (b"x = 1\n  y = 2\n", "python-syntax"),
        (b"@a%s\nclass A(a%s, Settings): b: c%s = d%s()\n" % ((b".b" * 900,) * 4), ""),
        (b"class", "python-syntax"),
        (b"", ""),
        ("# coding: latin-1\nname = 'ä'\n".encode("latin-1"), ""),
        ("\ufefftext = '\u2028'  # framework: wide\n".encode(), ""),
    ],
)
def test_whatever_stands_in_a_file_is_told_and_nothing_is_raised(
    shop: Path, capsys: pytest.CaptureFixture[str], content: bytes, code: str
) -> None:
    (shop / "services/shop/src/odd.py").write_bytes(content)
    assert codes(shop, capsys) == ([code] if code else [])


def test_a_loop_of_names_and_bases_ends(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / CONTROLLER).write_text(
        "from services.shop.src.other import Base\nX = Y\nY = X\n"
        "class OrdersController(Base):\n"
        "    async def get_order(self, session: X, order_id: 'Y') -> X: ...\n"
    )
    (shop / "services/shop/src/other.py").write_text(
        "from services.shop.src.controllers.orders import OrdersController\n"
        "from services.shop.src.other import Again as Again\n"
        "class Base(OrdersController): pass\n"
    )
    assert codes(shop, capsys) == ["missing-method"] * 2


def test_places_count_characters_and_not_bytes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "services/shop/src/wide.py").write_text(
        "import pydantic; ключ = 'ключ'; M = pydantic.create_model('M')\n"
    )
    [diagnostic] = found(shop, capsys)
    assert (diagnostic["column"], diagnostic["end_column"]) == (37, 58)


def test_mistakes_in_specs_are_told_with_those_in_code(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "shared/spec/models.yaml").write_text("models: []\n")
    (shop / "services/shop/src/model.py").write_text("import pydantic\nclass M(pydantic.BaseModel): pass\n")
    assert codes(shop, capsys) == ["hand-written-model", "bad-shape"]


def test_a_generated_file_that_was_taken_over_is_code_of_a_person(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services = shop / "services.yml"
    services.write_text(services.read_text().replace("database: true", "database: true, custom: [app]"))
    (shop / "services/shop/src/generated/app.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    assert main(["sync", "--root", str(shop)]) == 0
    assert codes(shop, capsys) == []

    (shop / "services/shop/src/generated/app.py").write_text("def\n")
    assert codes(shop, capsys) == ["python-syntax"]


def test_values_of_settings_are_never_shown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".env").write_text("REDIS_ULR=redis://:secret@host\nexport  Redis_Urls = secret\n")
    for format_ in ("text", "json", "github", "sarif"):
        main(["lint", "--root", str(shop), "--format", format_])
        said = "".join(capsys.readouterr())
        assert "REDIS_ULR" in said
        assert "secret" not in said
