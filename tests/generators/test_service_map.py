"""The map of who talks to whom says all of it, in each of its shapes."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from framework.cli import main
from framework.connectivity import Connectivity, connectivity
from framework.files import has_banner
from framework.generators.service_map import generate, mermaid, svg
from framework.generators.service_map.drawing import Drawing, drawing
from framework.generators.service_map.rows import sections
from tests.compiler.projects import sound, write
from tests.compiler.test_connectivity import FILES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def lines(tmp_path: Path) -> Connectivity:
    return connectivity(sound(tmp_path, FILES))


def test_the_drawing_names_everything(lines: Connectivity) -> None:
    texts = {text.text for text in ElementTree.fromstring(svg(lines)).iter(f"{SVG}text")}  # noqa: S314
    assert {"shop", "bank", "bot", "mail", "outside"} <= texts
    assert {"order", "pay", "refund", "order.placed", "rate.changed", "user.spoke", "orders.tidy"} <= texts
    assert {"POST /refunds", "letters.confirm", "money.adjust", "every 1h"} <= texts
    assert "nobody.cares" not in texts


def test_arrows_point_from_who_says_it_to_who_is_told(lines: Connectivity) -> None:
    drawn = drawing(lines, sections(lines))
    columns = {column.x: column.name for column in drawn.columns}
    hints = {line.what: line for band in drawn.bands for line in band.lines}
    marks = {what: [(columns[mark.x], mark.shape) for mark in line.marks] for what, line in hints.items()}
    assert marks["pay"] == [("shop", "sends"), ("bank", "right")]
    assert marks["rate.changed"] == [("outside", "sends"), ("bank", "right")]
    assert marks["order.placed"] == [("mail", "sends"), ("shop", "sends"), ("mail", "both")]
    assert marks["orders.tidy"] == [("shop", "both")]
    assert hints["pay"].hint == "pay: from shop to bank"


def test_nothing_stands_on_anything_else(lines: Connectivity) -> None:
    drawn = drawing(lines, sections(lines))
    assert is_apart(drawn)
    assert all(drawn.left < column.x < drawn.right for column in drawn.columns)


def is_apart(drawn: Drawing) -> bool:
    """Whether no two boxes and no two rows touch."""
    xs = [column.x for column in drawn.columns]
    ys = [line.y for band in drawn.bands for line in band.lines]
    return min(b - a for a, b in pairwise(xs)) > drawn.box and sorted(set(ys)) == ys


def test_callers_stand_left_of_those_they_call(lines: Connectivity) -> None:
    assert [column.name for column in drawing(lines, sections(lines)).columns] == [
        "outside",
        "bot",
        "shop",
        "bank",
        "mail",
    ]


def test_a_map_of_very_much_draws_the_same_ends_once(tmp_path: Path) -> None:
    names = [f"thing.happened_{number}" for number in range(100)]
    events = "".join(f"  {name}: {{message: OperationFailed}}\n" for name in names)
    services = (
        f"version: 2\nservices: [{{name: bot, type: python-telegram, publishes: [{', '.join(names)}]}}]\n"
    )
    lines = connectivity(
        sound(tmp_path, {"services.yml": services, "shared/spec/events.yaml": f"events:\n{events}"})
    )
    (band,) = drawing(lines, sections(lines)).bands
    assert [line.what for line in band.lines] == ["thing.happened_0 and 99 more"]


def test_the_flowchart_has_an_arrow_for_each_pair(lines: Connectivity) -> None:
    arrows = [line.strip() for line in mermaid(lines).splitlines() if ">" in line]
    assert arrows == [
        'service_bot -->|"order"| service_shop',
        'service_shop -->|"pay<br>refund"| service_bank',
        'service_bot -. "user.spoke" .-> service_mail',
        'service_mail -. "order.placed" .-> service_mail',
        'service_outside -. "rate.changed" .-> service_bank',
        'service_shop -. "order.placed" .-> service_mail',
    ]


def test_a_call_of_routes_that_no_spec_describes_is_drawn(tmp_path: Path) -> None:
    page, shop = "{name: page, type: node, calls: [shop]}", "{name: shop, type: python-fastapi}"
    services = f"version: 2\nservices: [{page}, {shop}]\n"
    lines = connectivity(sound(tmp_path, {"services.yml": services}))
    assert 'service_page -->|"its routes"| service_shop' in mermaid(lines)
    (band,) = drawing(lines, sections(lines)).bands
    assert [line.hint for line in band.lines] == ["its routes: from page to shop"]


def test_every_node_of_the_flowchart_is_declared(lines: Connectivity) -> None:
    declared = set(re.findall(r"^ +(\w+)[\[(]", mermaid(lines), re.MULTILINE))
    assert set(re.findall(r"\b(?:service|database)_\w+", mermaid(lines))) == declared


def test_the_files_are_known_as_generated(tmp_path: Path) -> None:
    files = list(generate(sound(tmp_path, FILES)))
    assert [file.path for file in files] == ["docs/services.svg", "docs/services.md"]
    assert all(has_banner(file.text) for file in files)


@pytest.mark.parametrize(("arguments", "beginning"), [([], "flowchart LR"), (["--format", "svg"], "<!-- ")])
def test_the_command_prints_it(
    arguments: list[str], beginning: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", "--root", str(write(tmp_path, FILES)), *arguments]) == 0
    assert capsys.readouterr().out.startswith(beginning)


def test_the_command_draws_nothing_from_wrong_specs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {
        **FILES,
        "services/shop/spec/orders.yaml": "domain: orders\noperations: {order: {output: Thong}}\n",
    }
    assert main(["graph", "--root", str(write(tmp_path, wrong))]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no model 'Thong'" in printed.err
