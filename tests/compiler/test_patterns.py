"""Patterns that are told by their look compile and match as Rust's engine has it."""

from __future__ import annotations

import random

import pytest
from pydantic_core import SchemaValidator, ValidationError, core_schema

from framework.resolve import patterns

PARTS = (
    *("^", "$", "[A-Z]", "[a-z0-9_-]", "[A-Za-z .]", "[a-f0-9]", "[.@]", "[^a]", "[z-a]", "[", "]", "&&"),
    *("+", "*", "?", "{2}", "{1,3}", "{3,1}", "{0,99}", "{2,}", "{", "}", "(", "(?:", ")", "|"),
    *("a", "B", "7", " ", "-", ".", "@", "/", "_", "\\.", "\\d", "\\w", "\\s", "\\"),
)
TEXT = "aAbBzZ059_ -.@/+f"


def _matches(validator: SchemaValidator, text: str) -> bool:
    try:
        validator.validate_python(text)
    except ValidationError:
        return False
    return True


def test_what_is_plain_means_the_same_to_both_engines() -> None:
    chance = random.Random(1)  # noqa: S311
    plain = 0
    for _ in range(5_000):
        pattern = "".join(chance.choices(PARTS, k=chance.randint(1, 8)))
        if not patterns._is_plain(pattern):
            continue
        plain += 1
        validator = SchemaValidator(core_schema.str_schema(pattern=pattern))
        for _ in range(5):
            text = "".join(chance.choices(TEXT, k=chance.randint(0, 6)))
            assert patterns.matches(pattern, text) == _matches(validator, text), (pattern, text)
    assert plain > 300


@pytest.mark.parametrize(
    "pattern", ["^[A-Z]+-[0-9]+$", "^[0-9A-Z -]{3,10}$", r"^(?:\d{4}|[a-z_]+)?$", r"\w{99}.{99}"]
)
def test_most_patterns_are_plain(pattern: str) -> None:
    assert patterns._is_plain(pattern)
    SchemaValidator(core_schema.str_schema(pattern=pattern))


@pytest.mark.parametrize(
    "pattern", ["(?=a)", r"\w{99}" * 3, "[^a]", "((a))", "a{3,1}", "(a", "[z-a]", "ä", "a" * 101]
)
def test_others_are_for_the_engine(pattern: str) -> None:
    assert not patterns._is_plain(pattern)


def test_only_ascii_means_the_same() -> None:
    assert patterns.matches(r"^\d$", "٣") == _matches(
        SchemaValidator(core_schema.str_schema(pattern=r"^\d$")), "٣"
    )


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "a*" * 40 + "b", "a?" * 40 + "b", "^a*a*a*b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    assert patterns._is_plain(pattern)
    assert not patterns.matches(pattern, "a" * 90 + "!")
    assert not patterns.matches(pattern, "a" * 10_000 + "!")
