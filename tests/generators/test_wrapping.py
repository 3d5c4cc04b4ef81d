"""Lines that are broken without ruff are broken as ruff would."""

from __future__ import annotations

import subprocess

import pytest
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.generators.text import WIDTH, called
from framework.wrapping import wrapped

PLAIN = (
    "from shared.generated.schemas import {}, Other",
    "from shared.generated.{} import create as create_{}",
    "result = await operations.{}(order_id=order_id, payload=payload)",
    'response = await self.request("GET", f"/a/{{segment(id)}}", query={{"{}": limit, "offset": offset}})',
    'total = call("{}", other("a", [1, 2], key=(3, 4)), last=await third(b))',
    "declare({}, OTHER)",
    "only_one_argument_of_a_call({})",
    'name: Annotated[str, Field(description="{}")]',
    'name: Annotated[str | None, NotNull(), Field(description="{}", max_length=20)] = None',
    "async with self._work.report({}, publish), self._work.command() as work:",
    "with first({}), second():",
)
"""Statements with room for a word of any length."""

UNCLEAR = (
    "total = {} + {}",
    "found = any({} for each in every)",
    "found = call({}, (1,))",
    "found = call({}).then({})",
    'found = call("one" "{}")',
    "found = call({})  # a comment",
    "with open({}):",
)


def shaped_by_ruff(line: str, depth: int) -> str:
    """A statement at the end of some blocks."""
    heads = [f"{'    ' * level}async def _():" for level in range(depth)]
    end = f"{'    ' * (depth + 1)}pass\n" if line.endswith(":") else ""
    command = [
        find_ruff_bin(),
        "format",
        "--isolated",
        f"--line-length={WIDTH}",
        "--target-version=py311",
        "-",
    ]
    text = "\n".join([*heads, line, end])
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return "\n".join(done.removesuffix(end).rstrip().split("\n")[depth:])


@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize("statement", PLAIN)
def test_a_plain_line_is_broken_as_by_ruff(statement: str, depth: int) -> None:
    broken = 0
    for length in range(1, WIDTH + 20, 7):
        line = " " * 4 * depth + statement.format(*["x" * length] * 2)
        if len(line) > WIDTH and (found := wrapped(line)) is not None:
            broken += 1
            assert found == shaped_by_ruff(line, depth)
    assert broken


@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize(
    "arguments", [("{}",), ("first", "{}"), ('one=read("a", {})', "two={}"), ('"for {}"', "'\"'", "x=(1,)")]
)
def test_a_call_is_broken_where_its_arguments_are_known_as_by_ruff(
    arguments: tuple[str, ...], depth: int
) -> None:
    broken = 0
    margin = " " * 4 * depth
    for length in range(1, WIDTH + 20):
        given = [each.format("x" * length) for each in arguments]
        found = called("found = await call", given, len(margin))
        if "\n" in found:
            broken += 1
            assert margin + found == shaped_by_ruff(f"{margin}found = await call({', '.join(given)})", depth)
    assert broken


@pytest.mark.parametrize("statement", UNCLEAR)
def test_what_is_not_plain_is_for_ruff(statement: str) -> None:
    assert wrapped(statement.format(*["x" * WIDTH] * 2)) is None


def test_wide_characters_are_for_ruff() -> None:
    assert wrapped(f'call("{"漢" * WIDTH}", 1)') is None
