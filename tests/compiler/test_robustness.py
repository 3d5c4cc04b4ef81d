"""Whatever stands where a spec belongs: a diagnostic, never a traceback, never a hang."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from framework.diagnostics import MAX_PER_FILE
from framework.load import load
from framework.renderings import MACHINE_FORMATS, text
from framework.resolve import resolve
from tests.compiler.projects import write

DEEP = 10_000
MANY = 5_000
FIELDS = "models:\n  Book:\n    fields:\n"

TEXTS: dict[str, tuple[str, set[str]]] = {
    "nothing": ("", {"bad-shape"}),
    "comments": ("# models:\n", {"bad-shape"}),
    "a tab": ("models:\n\tBook: {}\n", {"yaml-syntax"}),
    "an anchor": ("models: &all {}\n", {"yaml-feature"}),
    "an alias": ("models: *all\n", {"yaml-feature"}),
    "a tag": ("models: !!map {}\n", {"yaml-feature"}),
    "a merge key": (FIELDS + "      id: {type: int, <<: {}}\n", {"yaml-feature"}),
    "two documents": ("models: {}\n---\nmodels: {}\n", {"yaml-syntax"}),
    "a NUL": ("models: \0\n", {"yaml-syntax"}),
    "a lone surrogate": ('models: {"\\ud800": {}}\n', {"yaml-syntax"}),
    "a huge number": (FIELDS + f"      id: {{type: int, ge: {'9' * 5000}}}\n", {"bad-number"}),
    "a huge hexadecimal number": (FIELDS + f"      id: {{type: int, ge: 0x{'f' * 5000}}}\n", {"bad-number"}),
    "infinity": (FIELDS + "      id: {type: float, ge: -.INF}\n", {"bad-number"}),
    "no number": (FIELDS + "      id: {type: float, default: .nan}\n", {"bad-number"}),
    "deep flow lists": ("models: " + "[" * DEEP + "]" * DEEP, {"too-deep"}),
    "deep flow mappings": ("{a: " * DEEP, {"too-deep"}),
    "deep blocks": ("".join(" " * level + "a:\n" for level in range(1_000)), {"too-deep"}),
    "deep compact lists": ("- " * DEEP + "x", {"too-deep"}),
    "deep compact keys": ("? " * DEEP, {"too-deep"}),
    "one long line": (f"models: {{Book: {{description: '{'x' * 1_000_000}'}}}}", {"bad-value"}),
    "many wrong types": (FIELDS + "".join(f"      f{n}: {{type: itn}}\n" for n in range(MANY)), {"bad-type"}),
    "many wrong shapes": (FIELDS + "".join(f"      f{n}: int\n" for n in range(MANY)), {"bad-shape"}),
    "many unknown keys": (
        FIELDS + "".join(f"      f{n}: {{typ: int}}\n" for n in range(MANY)),
        {"unknown-key"},
    ),
    "many unknown models": (
        "models:\n" + "".join(f"  A{n}x: {{fields: {{a: {{type: A{n}y}}}}}}\n" for n in range(MANY)),
        {"unknown-model"},
    ),
    "many times one key": (FIELDS + "      id: {type: int}\n" * MANY, {"duplicate-key"}),
}


def told(root: Path) -> set[str]:
    specs, diagnostics = load(root)
    resolve(specs, diagnostics)
    for render in (*MACHINE_FORMATS.values(), text.render):
        render(diagnostics)
    assert len(diagnostics) <= 2 * MAX_PER_FILE
    return {found.code for found in diagnostics}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_spec_is_told(name: str, tmp_path: Path) -> None:
    content, codes = TEXTS[name]
    found = told(write(tmp_path, {"shared/spec/models/odd.yaml": content}))
    assert codes <= found
    assert ("more-mistakes" in found) == name.startswith("many")


def test_of_many_mistakes_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    root = write(tmp_path, {"shared/spec/models.yaml": TEXTS["many unknown keys"][0]})
    specs, diagnostics = load(root)
    resolve(specs, diagnostics)
    *shown, last = diagnostics
    assert [found.place.line for found in shown] == list(range(4, 4 + MAX_PER_FILE))
    assert last.message == f"{MANY - MAX_PER_FILE} more mistakes in this file are not shown"


def test_a_mistake_is_told_wherever_it_stands_and_takes_nothing_out_of_other_places(tmp_path: Path) -> None:
    lines = "id: {type: int, readonly: true}\n      name: {type: string, max_len: 9, values: [{a: 1}]}"
    models = {
        f"shared/spec/models/{name.lower()}.yaml": f"models:\n  {name}:\n    fields:\n      {lines}\n"
        for name in ("First", "Second")
    }
    sound = "models:\n  Third:\n    fields:\n      id: {type: int, readonly: true}\n"
    specs, diagnostics = load(write(tmp_path, {**models, "shared/spec/models/third.yaml": sound}))

    assert [f"{found.place}: {found.code}" for found in diagnostics] == [
        f"shared/spec/models/{name}.yaml:{place}"
        for name in ("first", "second")
        for place in ("5:28: unknown-key", "5:49: bad-shape")
    ]
    first, second, third = (next(iter(loaded.spec.models.values())) for loaded in specs.models)
    assert first.fields.keys() == second.fields.keys() == {"id", "name"}
    assert first.fields["name"].type == second.fields["name"].type == "string"
    assert first.fields["id"].__dict__ == third.fields["id"].__dict__


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_told(encoding: str, tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (root / "shared/spec").mkdir(parents=True)
    (root / "shared/spec/models.yaml").write_bytes("# modèle\nmodels: {}\n".encode(encoding))
    assert told(root) == {"not-utf8"}


def folder(path: Path) -> None:
    path.mkdir()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def circular_link(path: Path) -> None:
    path.symlink_to(path.name)


def without_permission(path: Path) -> None:
    path.write_text("models: {}\n")
    path.chmod(0)


def very_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)


@pytest.mark.parametrize("place", ["services.yml", "shared/spec/models.yaml", "services/shop/spec/acts.yaml"])
@pytest.mark.parametrize("make", [folder, fifo, dangling_link, circular_link, without_permission, very_large])
def test_what_is_no_readable_file_is_told(make: Callable[[Path], None], place: str, tmp_path: Path) -> None:
    if make is without_permission and os.geteuid() == 0:
        pytest.skip("root may read everything")
    root = write(tmp_path, {})
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)
    assert told(root) == {"unreadable-file"}
