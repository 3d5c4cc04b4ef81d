"""Which services a saved file concerns."""

from pathlib import Path

import pytest

from framework.dev.watching import Changes, affected

ROOT = Path("/project")
ALL = frozenset({"alpha", "beta"})
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("path", "restarted", "migrated"),
    [
        ("services/alpha/src/main.py", {"alpha"}, NONE),
        ("services/alpha/src/templates/mail.html", {"alpha"}, NONE),
        ("services/alpha/src/generated/app.py", {"alpha"}, NONE),
        ("services/alpha/migrations/versions/0001_x.py", {"alpha"}, {"alpha"}),
        ("services/alpha/tests/test_x.py", NONE, NONE),
        ("services/alpha/src/generated/.app.py.draft", NONE, NONE),
        ("services/alpha/spec/users.yaml", NONE, NONE),
        ("services/gamma/src/main.py", NONE, NONE),
        ("shared/shared/generated/events.py", ALL, NONE),
        ("shared/spec/models.yaml", NONE, NONE),
    ],
)
def test_a_file_concerns(path: str, restarted: set[str], migrated: set[str]) -> None:
    assert affected(ROOT, [ROOT / path], ALL) == Changes(frozenset(restarted), frozenset(migrated))


def test_many_files_are_taken_together() -> None:
    paths = [ROOT / "services/alpha/migrations/versions/0001_x.py", ROOT / "services/beta/src/main.py"]
    assert affected(ROOT, paths, ALL) == Changes(ALL, frozenset({"alpha"}))
