"""The ways to break the runtime: each still finds the lines that it changes."""

import pytest

from tests.copier.support import ROOT
from tooling.chaos.mutations import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_changes_what_stands_there_once(mutation: Mutation) -> None:
    for patch in mutation.patches:
        text = (ROOT / "framework" / "runtime" / patch.file).read_text()
        assert text.count(patch.old) == 1, f"{patch.file}:\n{patch.old}"
        assert patch.new not in text or not patch.new
