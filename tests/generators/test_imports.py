"""Imports stand as ruff would sort them, so that nothing needs to be sorted afterwards."""

from __future__ import annotations

import random
import subprocess

import pytest
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.generators.imports import Imports, exported

NAMES = [
    *("User", "UserRead", "USER", "User2", "User10", "User02", "User010", "user", "userA", "U", "UserX1Y2"),
    *(
        "User1a",
        "UserA1",
        "URL",
        "Url",
        "A1",
        "AB",
        "aB",
        "Model0001",
        "Model0010",
        "Model1",
        "x2",
        "x10",
        "X",
        "Tests",
        "TestX",
    ),
]
MODULES = [
    *("__future__", "typing", "collections.abc", "datetime", "pydantic", "fastapi", "telegram.ext"),
    *("framework.runtime.types", "shared.generated.schemas", "shared.generated.events"),
    *("services.a2.src", "services.a10.src", "services.a_b.src", "services.ab.src", "services.a2.src.x"),
]
SETTINGS = (
    *("--isolated", "--no-cache", "--preview", "--select=I,RUF022", "--line-length=1000"),
    *("--config", 'lint.isort.known-first-party=["framework","services","shared"]'),
)


@pytest.mark.parametrize("seed", range(8))
def test_the_order_is_that_of_ruff(seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311
    imports = Imports("from __future__ import annotations", "import datetime as dt", "import builtins")
    for module in pick.sample(MODULES[1:], 9):
        imports.add(f"from {module} import {', '.join(pick.sample(NAMES, 6))}")
        imports.add(f"from {module} import thing as other")
    names = pick.sample(NAMES, 12)
    module = f"{imports}\n\n__all__ = {exported(names)!r}\n"

    done = subprocess.run(
        [find_ruff_bin(), "check", *SETTINGS, "--diff", "--stdin-filename=module.py", "-"],
        input=module,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_imported_from_the_module_itself() -> None:
    imports = Imports("from a import B", module="a")

    assert str(imports) == ""
