"""The set-up of a checkout, run as `make` runs it, against package indexes of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from framework import bootstrap
from tests.bootstrap.index import locked, make_wheel, serve

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "framework" / "bootstrap.py"
TOOLS = ROOT / os.environ.get("TOOLS", ".tools")
MACHINE_PYTHON = Path(sys.base_prefix) / "bin" / "python3"
NOWHERE = "http://127.0.0.1:9/simple/"


@dataclass
class Checkout:
    """A folder to set up, alone with its own cache and without any settings of this machine."""

    folder: Path
    lock: str
    settings: dict[str, str] = field(default_factory=dict)
    python: Path = MACHINE_PYTHON
    script: Path = SCRIPT
    tools: Path = TOOLS

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the set-up as `make setup` does."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "requirements.lock").write_text(self.lock)
        kept = ("PATH", "HOME", "LANG", "SSL_CERT_FILE")
        environment = {
            **{name: value for name, value in os.environ.items() if name in kept},
            "PIP_CONFIG_FILE": os.devnull,
            "UV_CACHE_DIR": str(self.folder.parent / "cache"),
            "UV_HTTP_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
            **self.settings,
        }
        script = [self.python, "-I", self.script, "--tools", self.tools]
        options = ["setup", "--lock", "requirements.lock", *arguments]
        command = [*map(str, script), *options]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def runs(self, code: str) -> str:
        """Run Python in the environment and return what it prints."""
        python = self.folder / ".venv" / "bin" / "python"
        done = subprocess.run([python, "-c", code], cwd="/", capture_output=True, text=True, check=False)
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return make_wheel(tmp_path, "parcel", "1.0", {"parcel.py": "VERSION = '1.0'\n"})


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return make_wheel(tmp_path, "parcel", "2.0", {"parcel.py": "VERSION = '2.0'\n"})


@pytest.fixture
def checkout(tmp_path: Path, wheel: Path) -> Checkout:
    return Checkout(tmp_path / "checkout", locked(wheel))


def test_the_index_of_pip_is_used(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    with serve(tmp_path / "index", wheel) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        done = checkout.setup()
    assert done.returncode == 0, done.stderr
    assert checkout.runs("import parcel; print(parcel.VERSION)") == "1.0"


def test_the_configuration_file_of_pip_is_used(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    with serve(tmp_path / "index", wheel) as index:
        (tmp_path / "pip.conf").write_text(
            f"[global]\nindex-url = {NOWHERE}\n[install]\nindex-url = {index}\n"
        )
        checkout.settings["PIP_CONFIG_FILE"] = str(tmp_path / "pip.conf")
        done = checkout.setup()
    assert done.returncode == 0, done.stderr


def test_further_indexes_of_pip_are_asked_for_what_the_first_has_not(
    checkout: Checkout, wheel: Path, newer: Path, tmp_path: Path
) -> None:
    with serve(tmp_path / "one", newer) as one, serve(tmp_path / "two", wheel) as two:
        checkout.settings |= {"PIP_INDEX_URL": two, "PIP_EXTRA_INDEX_URL": one}
        done = checkout.setup()
    assert done.returncode == 0, done.stderr
    assert checkout.runs("import parcel; print(parcel.VERSION)") == "1.0"


def test_the_folder_of_wheels_of_pip_is_used(checkout: Checkout, wheel: Path) -> None:
    checkout.settings |= {"PIP_FIND_LINKS": str(wheel.parent), "PIP_NO_INDEX": "1"}
    done = checkout.setup()
    assert done.returncode == 0, done.stderr


def test_what_the_caller_sets_for_uv_is_stronger(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    with serve(tmp_path / "index", wheel) as index:
        checkout.settings |= {"PIP_INDEX_URL": NOWHERE, "UV_DEFAULT_INDEX": index}
        done = checkout.setup()
    assert done.returncode == 0, done.stderr


def test_settings_of_pip_in_the_words_of_uv() -> None:
    pip = {
        "extra-index-url": "https://a.example/simple\nhttps://b.example/simple",
        "find-links": "/one /two",
        "cert": "/certificates.pem",
        "trusted-host": "a.example b.example",
        "default-timeout": "180",
        "disable-pip-version-check": "1",
    }
    assert bootstrap.uv_settings(pip) == {
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/one,/two",
        "SSL_CERT_FILE": "/certificates.pem",
        "UV_INSECURE_HOST": "a.example b.example",
        "UV_HTTP_TIMEOUT": "180",
    }


def test_a_second_run_does_nothing_and_needs_no_network(
    checkout: Checkout, wheel: Path, tmp_path: Path
) -> None:
    with serve(tmp_path / "index", wheel) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        assert checkout.setup().returncode == 0
    shutil.rmtree(tmp_path / "cache")
    done = checkout.setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_another_checkout_is_set_up_from_the_cache(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    with serve(tmp_path / "index", wheel) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        assert checkout.setup().returncode == 0
    other = Checkout(tmp_path / "other", checkout.lock, checkout.settings)
    assert other.setup().returncode == 0
    assert other.runs("import parcel; print(parcel.VERSION)") == "1.0"


def test_a_changed_lock_is_followed_to_the_letter(
    checkout: Checkout, wheel: Path, newer: Path, tmp_path: Path
) -> None:
    other = make_wheel(tmp_path, "letter", "1.0", {"letter.py": ""})
    with serve(tmp_path / "index", wheel, newer, other) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        checkout.lock = locked(wheel, other)
        assert checkout.setup().returncode == 0
        checkout.lock = locked(newer)
        assert checkout.setup().returncode == 0
    assert checkout.runs("import parcel; print(parcel.VERSION)") == "2.0"
    assert "No module named 'letter'" in checkout.runs("import letter")


def test_what_a_service_asks_for_is_installed_within_the_lock(
    checkout: Checkout, wheel: Path, newer: Path, tmp_path: Path
) -> None:
    other = make_wheel(tmp_path, "letter", "3.0", {"letter.py": ""})
    checkout.folder.mkdir()
    project = checkout.folder / "pyproject.toml"
    head = '[project]\nname = "service"\nversion = "1"\n'
    with serve(tmp_path / "index", wheel, newer, other) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        project.write_text(head + 'dependencies = ["letter>=3", "parcel"]\n')
        assert checkout.setup("--project", "pyproject.toml").returncode == 0
        assert checkout.runs("import letter, parcel; print(parcel.VERSION)") == "1.0"
        project.write_text(head + 'dependencies = ["parcel>=2"]\n')
        done = checkout.setup("--project", "pyproject.toml")
    assert done.returncode == 1
    assert "Does a service's pyproject.toml ask for what the locked packages do not allow" in done.stderr


def test_a_wheel_with_another_hash_is_refused(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    checkout.lock = "parcel==1.0 --hash=sha256:" + 64 * "0" + "\n"
    with serve(tmp_path / "index", wheel) as index:
        checkout.settings["PIP_INDEX_URL"] = index
        assert checkout.setup().returncode == 1


def test_an_index_out_of_reach_is_named_with_the_step_and_the_cure(checkout: Checkout) -> None:
    checkout.settings["PIP_INDEX_URL"] = NOWHERE
    done = checkout.setup()
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "setup: [3/5] installing the locked packages"
    assert "Is the package index within reach?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_without_pip_is_told_how_to_get_it(checkout: Checkout, tmp_path: Path) -> None:
    checkout.python = Path(sys.executable)  # an environment made by uv has no pip
    checkout.tools = tmp_path / "tools"
    checkout.settings["PATH"] = "/nowhere"
    done = checkout.setup()
    assert done.returncode == 1
    assert "apt install python3-pip" in done.stderr


def test_a_python_without_pip_takes_the_uv_on_the_path(
    checkout: Checkout, wheel: Path, tmp_path: Path
) -> None:
    checkout.python = Path(sys.executable)
    checkout.tools = tmp_path / "tools"
    checkout.settings |= {"PATH": str(TOOLS / "bin"), "UV_FIND_LINKS": str(wheel.parent), "UV_NO_INDEX": "1"}
    done = checkout.setup()
    assert done.returncode == 0, done.stderr


def test_uv_is_fetched_with_pip_by_hash(checkout: Checkout, tmp_path: Path) -> None:
    uv = make_wheel(
        tmp_path,
        "uv",
        "9.9.9",
        {"uv-9.9.9.data/scripts/uv": "#!/bin/sh\necho uv 9.9.9 was run >&2\nexit 1\n"},
    )
    checkout.script = Path(shutil.copy(SCRIPT, tmp_path))
    checkout.tools = tmp_path / "tools"
    (tmp_path / "bootstrap.lock").write_text(locked(uv))
    checkout.settings |= {"PIP_FIND_LINKS": str(tmp_path), "PIP_NO_INDEX": "1", "PIP_USER": "1"}
    done = checkout.setup()
    assert "uv 9.9.9 was run" in done.stderr
    assert (tmp_path / "tools" / "bin" / "uv").exists()
    assert done.stdout.splitlines()[-1] == "setup: [2/5] making the virtual environment"

    (tmp_path / "bootstrap.lock").write_text("uv==9.9.8 --hash=sha256:" + 64 * "0" + "\n")
    done = checkout.setup()
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "setup: [1/5] finding uv"


def test_import_roots_survive_a_move(checkout: Checkout, wheel: Path, tmp_path: Path) -> None:
    (checkout.folder / "shared" / "common").mkdir(parents=True)
    (checkout.folder / "shared" / "common" / "here.py").write_text("print('here')\n")
    checkout.settings |= {"PIP_FIND_LINKS": str(wheel.parent), "PIP_NO_INDEX": "1"}
    assert checkout.setup("--import-root", ".", "shared").returncode == 0
    checkout.folder = checkout.folder.rename(tmp_path / "moved")
    assert checkout.runs("import common.here") == "here"
    assert checkout.runs("import shared.common.here") == "here"


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout, wheel: Path) -> None:
    checkout.settings |= {"PIP_FIND_LINKS": str(wheel.parent), "PIP_NO_INDEX": "1"}
    assert checkout.setup().returncode == 0
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert checkout.setup().returncode == 0
    assert checkout.runs("import parcel; print(parcel.VERSION)") == "1.0"


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert bootstrap.main() == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().out
