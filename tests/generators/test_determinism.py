"""The same specs give the same bytes, wherever the project lies and whatever the hash seed is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generators.cases import FOLDERS, NAMES, ROOT, copy_specs

PROGRAM = """
import hashlib, sys
from pathlib import Path
from framework.plan import plan
digest = hashlib.sha256()
for file in plan(Path(sys.argv[1])).files:
    digest.update(f"{file.path}\\0{file.text}\\0".encode())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_bytes_do_not_depend_on_seed_and_place(folder: Path, tmp_path: Path) -> None:
    digests = set()
    for seed in ("0", "1", "2"):
        root = copy_specs(folder, tmp_path / f"place {seed}")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(root)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": f"UTC{seed}"},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
