"""Made-up values: what the generated classes accept."""

import json
from pathlib import Path
from random import Random

import pytest

from framework.chaos.samples import NoSample, Samples
from framework.load import load
from framework.resolve import resolve
from framework.system import System
from framework.types import SchemaType
from tests.breaking.payloads import classes

MODELS = """\
models:
  Part:
    fields:
      size: {type: int, gt: 0, lt: 10}
      parts: {type: "list[Part]", optional: true}
  Everything:
    fields:
      whole: {type: int}
      limited: {type: int, ge: -5, le: -3}
      even: {type: int, ge: 1, le: 9, multiple_of: 4}
      real: {type: float, gt: 0, lt: 1}
      money: {type: decimal, ge: 10, le: 20}
      flag: {type: bool}
      text: {type: string}
      short: {type: string, max_length: 3}
      long: {type: string, min_length: 40, max_length: 60}
      code: {type: string, pattern: '^[A-Z]{3}$', examples: [ABC, XYZ]}
      blob: {type: bytes}
      day: {type: date}
      clock: {type: time}
      moment: {type: datetime}
      span: {type: duration}
      uid: {type: uuid}
      mail: {type: email}
      link: {type: url}
      anything: {type: json}
      state: {type: enum, values: [new, old]}
      numbers: {type: "list[int]", min_items: 4, max_items: 5}
      words: {type: "set[string]"}
      table: {type: "dict[string, float]"}
      holes: {type: "list[int | null]"}
      part: {type: Part, optional: true}
"""


def system_of(root: Path, models: str) -> System:
    (root / "shared/spec").mkdir(parents=True)
    (root / "shared/spec/models.yaml").write_text(models)
    (root / "services.yml").write_text(
        "version: 2\nservices:\n  - {name: backend, type: python-fastapi, description: All.}\n"
    )
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    assert not diagnostics.has_errors, diagnostics
    return system


def test_every_sample_is_accepted(tmp_path: Path) -> None:
    system = system_of(tmp_path, MODELS)
    model = classes(system)["Everything"]

    for seed in range(300):
        sample = Samples(system, Random(seed)).of(SchemaType("Everything"))  # noqa: S311
        model.model_validate_json(json.dumps(sample))


def test_equal_seeds_make_equal_samples(tmp_path: Path) -> None:
    system = system_of(tmp_path, MODELS)

    one, other = (Samples(system, Random(7)).of(SchemaType("Everything")) for _ in range(2))  # noqa: S311

    assert one == other


def test_a_pattern_without_examples_is_told(tmp_path: Path) -> None:
    system = system_of(
        tmp_path, "models:\n  A:\n    fields:\n      code: {type: string, pattern: '^[A-Z]$'}\n"
    )

    with pytest.raises(NoSample, match="code has a pattern and no examples"):
        Samples(system, Random(1)).of(SchemaType("A"))  # noqa: S311
