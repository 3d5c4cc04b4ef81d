from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from framework.diagnostics import Diagnostics
from framework.reader import MAX_BYTES, parse, read
from framework.source import Source


def loaded(text: str) -> tuple[Any, list[str]]:
    diagnostics = Diagnostics()
    found = parse(Source("spec.yaml", text), diagnostics)
    return found and found[1], [f"{found.place}: {found.code}" for found in diagnostics]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("12:30:00", "12:30:00"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("-0x1F", "-0x1F"),
        ("0o8", "0o8"),
        ("017", 17),
        ("-5", -5),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".infinite", ".infinite"),
        ("-", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_scalars_are_those_of_yaml_1_2(written: str, meant: object) -> None:
    if written == "-":
        assert loaded("key:\n  -")[0] == {"key": [meant]}
        return
    assert loaded(f"key: {written}")[0] == {"key": meant}
    assert type(loaded(f"key: {written}")[0]["key"]) is type(meant)


@pytest.mark.parametrize("text", ["[" * 1_000_000, "{a: " * 300_000, "- " * 1_000_000 + "x", "? " * 300_000])
def test_a_million_levels_do_not_overflow_the_stack(text: str) -> None:
    _, codes = loaded(text)
    assert codes
    assert codes[0].split(": ")[1] in {"too-deep", "yaml-syntax"}


def test_aliases_are_not_followed() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    _, codes = loaded(laughs)
    assert {code.split(": ")[1] for code in codes} == {"yaml-feature"}


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(b"\xef\xbb\xbfmodels:\r\n  User: x\r\n")
    diagnostics = Diagnostics()
    found = read(tmp_path / "spec.yaml", "spec.yaml", diagnostics)
    assert found
    source, value = found
    assert value == {"models": {"User": "x"}}
    place = source.place("models", "User")
    assert (place.line, place.column, place.width, place.excerpt) == (2, 9, 1, "  User: x")


def test_what_is_no_readable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in sorted(tmp_path.iterdir()):
        diagnostics = Diagnostics()
        assert read(path, path.name, diagnostics) is None
        assert [found.code for found in diagnostics] == ["unreadable-file"], path.name


def test_a_long_line_is_cut_around_the_caret() -> None:
    diagnostics = Diagnostics()
    text = "x: " + "a" * 500 + ": " + "b" * 500
    source = Source("spec.yaml", f"{{key: {'a' * 500}, other: value, more: {'b' * 500}}}")
    place = source.place("other")
    assert len(place.excerpt) <= 160
    assert place.excerpt[place.indent : place.indent + place.width] == "value"
    assert parse(Source("spec.yaml", text), diagnostics) is None


def test_characters_that_would_turn_a_terminal_around_are_not_shown() -> None:
    source = Source("spec.yaml", 'key: "\u202eevil\\e[2J"')
    assert "\u202e" not in source.place("key").excerpt
