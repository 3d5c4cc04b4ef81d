"""The rules against the generated code: what it no longer reads, a rule has told.

Random changes of a model are made; what the classes of one version write is given to those of the other, in
every flow. `PROOF_ROUNDS=5000 pytest tests/breaking/test_proof.py` tries longer.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from framework.breaking.flows import Flow
from framework.breaking.version import Version, compare
from framework.diagnostics import Diagnostic
from framework.runtime.schema import decode
from tests.breaking.edits import FIELDS, edited, project
from tests.breaking.payloads import classes, payloads

ROUNDS = int(os.environ.get("PROOF_ROUNDS", "60"))
PARTS = 2
SCHEMAS = {
    Flow.REQUEST: ["RecordCreate", "RecordUpdate"],
    Flow.RESPONSE: ["RecordRead", "RecordUpdate"],
    Flow.MESSAGE: ["RecordRead"],
    Flow.REPLAY: ["RecordRead"],
}


class Side:
    """One version, and the classes that are generated for it."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.classes = classes(version.system)
        self._payloads: dict[str, list[bytes]] = {}

    def written(self, schema: str) -> list[bytes]:
        """JSON that the class of a schema accepts."""
        if schema not in self._payloads:
            found = payloads(self.version.system, schema, self.classes[schema])
            self._payloads[schema] = [json.dumps(payload).encode() for payload in found]
        return self._payloads[schema]


def sent(old: Side, new: Side, flow: Flow) -> Iterator[tuple[bytes, Callable[[bytes], Any]]]:
    """What travels in a flow, and how it is read."""
    written, read = (old, new) if flow.is_old_to_new else (new, old)
    for name in SCHEMAS[flow]:
        writer, reader = written.classes[name], read.classes[name]
        for data in written.written(name):
            if flow.is_from_service:
                yield writer.model_validate_json(data).model_dump_json().encode(), reading(reader)
            else:
                yield data, reader.model_validate_json


def reading(model: type[BaseModel]) -> Callable[[bytes], BaseModel]:
    """How another service reads."""
    return lambda data: decode(model, data)


def unread(old: Side, new: Side, flow: Flow) -> dict[str, str]:
    """The fields that are not read in a flow, and how they are refused."""
    found: dict[str, str] = {}
    for data, read in sent(old, new, flow):
        try:
            read(data)
        except ValidationError as error:
            for item in error.errors():
                found[str(item["loc"][0])] = f"{item['msg']}: {item['input']!r}"
    return found


def told(diagnostics: Iterable[Diagnostic], flow: Flow) -> set[str]:
    """The fields of which something was told for a flow; an enum is that of the field `state`."""
    messages = [found.message for found in diagnostics if found.code.startswith(f"{flow.word}-")]
    return set(re.findall(r"Record\.\w+", " ".join(messages).replace("RecordState", "Record.state")))


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_not_read_any_more_was_told(part: int, tmp_path: Path) -> None:
    old = Side(project(tmp_path / "old", FIELDS))
    assert not old.version.diagnostics.has_errors
    compared = broken = 0
    for number in range(part, ROUNDS, PARTS):
        fields = edited(FIELDS, random.Random(number))  # noqa: S311 - no secret is made of it
        version = project(tmp_path / "new", fields)
        if version.diagnostics.has_errors:
            continue
        new = Side(version)
        compared += 1
        diagnostics = list(compare(old.version, version))
        for flow in SCHEMAS:
            failures = unread(old, new, flow)
            broken += bool(failures)
            missed = {f"Record.{field}" for field in failures} - told(diagnostics, flow)
            assert not missed, f"round {number}, {flow.word}: {failures}\n{fields}"
    # Were nearly all of them refused or harmless, then little would have been tried.
    assert compared > ROUNDS / PARTS * 0.4
    assert broken > compared * 0.4
