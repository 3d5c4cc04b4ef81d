"""`ARCHITECTURE.md` shows generated code beside what a person would write: each as it lies in its file."""

from __future__ import annotations

import re
from pathlib import Path

from framework.formatting import formatted
from framework.generators import endpoints, routers
from framework.load import load
from framework.resolve import resolve
from tests.copier.support import ROOT, link_specs

BLOCK = re.compile(r"^```python\n(.*?)\n^```$", re.MULTILINE | re.DOTALL)
TWIN = ROOT / "tooling/bench/rest/twin/router.py"
GENERATED = "services/backend/src/generated/{}/users.py"


def test_what_is_shown_is_what_there_is(tmp_path: Path) -> None:
    link_specs(tmp_path)
    system = resolve(*load(tmp_path))
    wanted = {GENERATED.format(kind) for kind in ("routers", "endpoints")}
    files = [*routers.generate(system), *endpoints.generate(system)]
    texts = {file.path: file.text for file in formatted([each for each in files if each.path in wanted])}

    written, router, endpoint = BLOCK.findall((ROOT / "ARCHITECTURE.md").read_text())

    assert missing(written, TWIN.read_text()) == []
    assert missing(router, texts[GENERATED.format("routers")]) == []
    assert missing(endpoint, texts[GENERATED.format("endpoints")]) == []


def missing(shown: str, text: str) -> list[str]:
    """The paragraphs of what is shown that the text has not."""
    return [part for part in re.split(r"\n\n+", shown) if f"{part}\n" not in text]
