"""A template with a history, and a project in which its user has changed everything that can be changed."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.copier.support import MODULES, commit_all, git, snapshot

OLD, NEW = "v1.0.0", "v1.1.0"

USERS = re.compile(
    r"shared/spec/|tests/|services/\w+/(?:(?:spec|src|migrations|tests|public)/"
    r"|(?:pyproject\.toml|package(?:-lock)?\.json|index\.html)$)"
)
"""The paths of what is the user's; the framework's own documents say the same."""

MIGRATION = '''"""More tables."""

revision = "0099"
down_revision = {newest!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nothing."""
'''


def make_versions(template: Path, target: Path) -> Path:
    """Make a repository of the template with two releases, the second with changes of every kind."""
    shutil.copytree(template, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    (target / "template/NOTES.md").write_text("# Notes\n\nOf the first version.\n")
    (target / "template/RENAMED.md").write_text("# A file that will be renamed\n")
    (target / "framework/gone.py").write_text('"""Not in the second version."""\n')
    for service in MODULES:
        (target / f"template/services/{service}/src/gone.py").write_text('"""Not in the second version."""\n')
    commit_all(target, "The first version")
    git(target, "tag", OLD)
    change_template(target)
    commit_all(target, "The second version")
    git(target, "tag", NEW)
    return target


def change_template(repository: Path) -> None:
    """Change the template in every way in which a version may differ from the one before."""
    template = repository / "template"
    replace(repository / "framework/__init__.py", '"""', '"""Mended. ')
    (repository / "framework/gone.py").unlink()
    tables = repository / "framework/runtime/migrations/versions"
    tables.mkdir(parents=True, exist_ok=True)
    newest = max((path.name[:4] for path in tables.glob("0*.py")), default=None)
    (tables / "0099_more.py").write_text(MIGRATION.format(newest=newest))
    (template / "NEW.md").write_text("# A new file\n")
    (template / "RENAMED.md").rename(template / "docs.md")
    (template / "NOTES.md").unlink()
    replace(template / "Makefile", "# The commands of this project", "# All commands of this project")
    replace(template / "pyproject.toml", "# Settings of the tools", "# All settings of the tools")
    replace(template / "shared/spec/models.yaml", "models:\n", "# Another default spec.\nmodels:\n")
    for service in MODULES:
        (template / f"services/{service}/src/gone.py").unlink()
        replace(template / f"services/{service}/src/main.py", '"""', '"""Better. ')
        (template / f"services/{service}/src/example.py").write_text('"""A new example."""\n')
    (template / "tests/integration/test_event_flow.py").unlink()
    question = "region:\n  type: str\n  help: Where it runs\n  default: somewhere\n\nmodules:\n"
    replace(repository / "copier.yml", "modules:\n", question)
    environment = template / ".env.example.jinja"
    environment.write_text(environment.read_text() + "\n# Where it runs.\nREGION={{ region }}\n")


def replace(file: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    text = file.read_text()
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new, 1))


@dataclass
class Edits:
    """What the user of a project has done to it: `appended` to shared files, by path."""

    appended: dict[str, str] = field(
        default_factory=lambda: {
            "Makefile": "\nmine: ## my own target\n\t@echo mine\n",
            "pyproject.toml": "\n[tool.mine]\nkey = 1\n",
            "services.yml": "  - {name: billing, type: python-fastapi, description: Mine., port: 8010}\n",
            "README.md": "\n## Mine\n\nA chapter of my own.\n",
            ".gitignore": "\n# Mine\n/mine/\n",
            "NOTES.md": "\nA note of my own.\n",
        }
    )
    deleted: tuple[str, ...] = ("RENAMED.md",)

    def make(self, project: Path, module: str) -> None:
        """Do it, in the ground of `module` too."""
        for name, text in self.appended.items():
            (project / name).write_text((project / name).read_text() + text)
        for name in self.deleted:
            (project / name).unlink()
        service = project / "services" / module
        (service / "tests/conftest.py").unlink()
        for name in ("src/main.py", "pyproject.toml", "tests/test_mine.py", "src/mine/own.py"):
            (service / name).parent.mkdir(parents=True, exist_ok=True)
            (service / name).write_text("# mine\n")
        (project / "shared/spec/models.yaml").write_text("models: {}\n")
        (project / "shared/spec/models/mine.yaml").parent.mkdir(exist_ok=True)
        (project / "shared/spec/models/mine.yaml").write_text("models: {}\n")
        (project / "services/billing/src").mkdir(parents=True)
        (project / "services/billing/src/main.py").write_text("# mine\n")
        (project / ".framework/framework/__init__.py").write_text("# mine\n")
        (project / ".framework/framework/mine.py").write_text("# mine\n")
        commit_all(project, "Mine")
        (project / ".env").write_text("TELEGRAM_BOT_TOKEN=secret\n")


def with_edits(fresh: Path, edited: dict[str, bytes], edits: Edits) -> dict[str, bytes]:
    """What a project must come to: a new one with the user's edits; `edited` is the project before."""
    expected = {path: text for path, text in snapshot(fresh).items() if not USERS.match(path)}
    for name, text in edits.appended.items():
        if name in expected:
            expected[name] += text.encode()
    for name in edits.deleted:
        expected.pop(name, None)
    own = {path: text for path, text in edited.items() if USERS.match(path)}
    return expected | own | {".env": edited[".env"]}
