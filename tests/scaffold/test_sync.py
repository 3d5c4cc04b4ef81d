"""`framework sync`: what is missing is made, and everything else is told and left as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from framework.cli import main
from tests.generators.cases import tree

TYPES = ("python-fastapi", "python-faststream", "python-telegram", "python", "node")
MAIN = "services/shop/src/main.py"


class Project:
    """A project with services of some types; `out` and `err` are what the last command said."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys
        self.out = self.err = ""

    def list_services(self, **types: str) -> None:
        entries = [f"  - {{name: {name}, type: {kind}}}\n" for name, kind in types.items()]
        (self.root / "services.yml").write_text("version: 2\nservices:\n" + "".join(entries))

    def sync(self, *options: str) -> int:
        return self.run("sync", *options)

    def run(self, *arguments: str) -> int:
        status = main([arguments[0], "--root", str(self.root), *arguments[1:]])
        self.out, self.err = self._capsys.readouterr()
        return status

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    """One whose services.yml lists a `shop`, which is made."""
    project = Project(tmp_path, capsys)
    project.list_services(shop="python-fastapi")
    assert project.sync() == 0
    return project


def test_an_entry_of_each_type_is_made_and_nothing_is_missing_then(project: Project) -> None:
    names = [f"s{number}" for number, _ in enumerate(TYPES)]
    project.list_services(shop="python-fastapi", **dict(zip(names, TYPES, strict=True)))

    assert project.sync("--check") == 1
    assert [
        f"services/{name} is missing: a {kind} service." in project.out
        for name, kind in zip(names, TYPES, strict=True)
    ] == [True] * 5
    assert not (project.root / "services" / "s0").exists()

    assert project.sync() == 0
    assert "services/s1/spec/s1.yaml" in project.out
    made = tree(project.root)
    assert project.sync() == 0
    assert project.out == "Every service of services.yml has its code.\n"
    assert project.sync("--check") == 0
    assert project.run("lint") == 0
    assert project.run("generate") == 0
    assert tree(project.root) == made


def test_new_services_may_call_what_other_new_ones_begin_with(project: Project) -> None:
    (project.root / "services.yml").write_text(
        "version: 2\nservices:\n"
        "  - {name: shop, type: python-fastapi, calls: [pilot.say_hello]}\n"
        "  - {name: pilot, type: python-fastapi, port: 8001, calls: [tower.say_hello]}\n"
        "  - {name: tower, type: python-fastapi, port: 8002, calls: [pilot.say_hello]}\n"
    )
    assert project.sync() == 0, project.err
    assert (project.root / "services/pilot/src/generated/clients/tower.py").exists()
    assert project.sync("--check") == 0, project.err


def test_a_call_of_what_a_new_service_does_not_begin_with_is_told_and_nothing_is_written(
    project: Project,
) -> None:
    before = tree(project.root)
    (project.root / "services.yml").write_text(
        "version: 2\nservices:\n"
        "  - {name: shop, type: python-fastapi, calls: [pilot.say_helo]}\n"
        "  - {name: pilot, type: python-fastapi, port: 8001}\n"
    )
    before["services.yml"] = tree(project.root)["services.yml"]
    assert project.sync() == 1
    assert "services.yml:3:48: error[unknown-operation]: 'pilot' has no operation 'say_helo'" in project.err
    assert "did you mean 'say_hello'?" in project.err
    assert tree(project.root) == before


@pytest.mark.parametrize("name", ["../../evil", "a/b", "/evil", "Ünsinn", ""])
def test_a_name_that_is_no_name_makes_nothing_anywhere(name: str, project: Project) -> None:
    (project.root / "services.yml").write_text(
        "version: 2\nservices:\n  - {name: shop, type: python-fastapi}\n"
        f"  - {{name: '{name}', type: python-fastapi, port: 8001}}\n"
    )
    before = tree(project.root.parent)
    assert project.sync() == 1
    assert "services.yml:4:" in project.err
    assert tree(project.root.parent) == before


def test_what_a_person_wrote_before_is_kept_and_completed(project: Project) -> None:
    project.list_services(shop="python-fastapi", press="python-faststream")
    spec = "domain: prints\noperations:\n  print_all:\n    schedule: {every: 1h}\n"
    project.write("services/press/spec/prints.yaml", spec)
    project.write("services/press/AGENTS.md", "mine\n")

    assert project.sync() == 0

    folder = project.root / "services" / "press"
    assert [path.name for path in folder.glob("spec/*")] == ["prints.yaml"]
    assert (folder / "AGENTS.md").read_text() == "mine\n"
    assert "not written yet" in (folder / "src/controllers/prints.py").read_text()
    assert "AGENTS.md" not in project.out


def test_what_was_deleted_from_a_service_that_is_made_stays_deleted(project: Project) -> None:
    (project.root / "services/shop/AGENTS.md").unlink()
    (project.root / "services/shop/spec/shop.yaml").unlink()
    (project.root / "services/shop/src/controllers/shop.py").unlink()

    assert project.sync() == 0

    assert not (project.root / "services/shop/AGENTS.md").exists()
    assert not list(project.root.glob("services/shop/spec/*"))
    assert (project.root / MAIN).exists()


def test_a_removed_service_is_told_and_left(project: Project) -> None:
    (project.root / "services/shop/spec/shop.yaml").unlink()
    project.list_services(shop="python-fastapi", desk="python")
    project.sync()
    mine = (project.root / MAIN).read_text()
    project.list_services(desk="python")

    assert project.sync() == 0

    assert "services/shop: warning[unlisted-service]: services.yml names no service 'shop'" in project.err
    assert (project.root / MAIN).read_text() == mine
    assert not (project.root / "services/shop/src/generated").exists()


@pytest.mark.parametrize("has_spec", [True, False])
def test_a_renamed_service_is_told_and_no_other_is_made_beside_it(project: Project, has_spec: bool) -> None:
    if not has_spec:
        (project.root / "services/shop/spec/shop.yaml").unlink()
    project.list_services(shops="python-fastapi")
    before = tree(project.root)

    assert project.sync() == 1

    assert f"error[{'stray-spec' if has_spec else 'renamed-service'}]" in project.err
    assert "git mv services/shop services/shops" in project.err
    assert tree(project.root) == before

    (project.root / "services/shop").rename(project.root / "services/shops")
    project.run("sync")
    assert (project.root / "services/shops/src/generated/app.py").exists()


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("services/web", "node", "services/web is a file"),
        ("services/web/package.json", "python", "has a package.json, as services in Node.js do, and"),
        ("services/web/src/main.py", "node", "has a src/main.py, as services in Python do, and"),
        ("services/web/manage.py", "python-fastapi", "holds something else already: manage.py"),
        (
            "services/web/src/generated/app.py",
            "python",
            "services/web/src/generated/app.py: this file was not generated",
        ),
    ],
)
def test_what_stands_in_the_way_is_told_and_nothing_is_written(
    project: Project, path: str, kind: str, told: str
) -> None:
    project.list_services(shop="python-fastapi", web=kind, desk="python-fastapi")
    project.write(path, "# of somebody\n")
    before = tree(project.root)

    assert project.sync() == 1

    assert told in project.err
    assert project.err.endswith("Nothing was written.\n")
    assert tree(project.root) == before


def test_names_and_ports_that_collide_are_told_at_their_places(project: Project) -> None:
    (project.root / "services.yml").write_text(
        "version: 2\nservices:\n"
        "  - {name: shop, type: python-fastapi}\n"
        "  - {name: web, type: python, port: 8005}\n"
        "  - {name: web, type: node}\n"
        "  - {name: desk, type: python, port: 8005}\n"
    )
    before = tree(project.root)

    assert project.sync() == 1

    assert "services.yml:5:12: error[duplicate-name]" in project.err
    assert "services.yml:6:38: error[duplicate-port]: desk and web both want port 8005" in project.err
    assert tree(project.root) == before


def test_a_disk_that_refuses_leaves_everything_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.list_services(shop="python-fastapi", web="python", desk="python")
    before = tree(project.root)
    written: list[str] = []

    def refuse(draft: str, target: str) -> None:
        written.append(target)
        if len(written) == 4:
            raise OSError("the disk is full")
        Path(draft).rename(target)

    monkeypatch.setattr(os, "replace", refuse)
    assert project.sync() == 1

    assert project.err == "Nothing was written: the disk is full\n"
    assert tree(project.root) == before
