"""Make the environment of a checkout: a uv of its own, a virtual environment, the locked packages.

This is what `make setup` runs, in the template's repository and in every project made from it, with whatever
`python3` the machine has and before anything is installed. Hence the standard library only, and nothing that
an older Python could not read far enough to be told that it is too old.

    python3 -I framework/bootstrap.py setup --lock requirements.lock --import-root .
    python3 -I framework/bootstrap.py uv pip compile ...

`-I` keeps this folder off `sys.path`, where `types.py` would hide the standard library's module of that name.
Both commands work on the current folder, which is the root of the checkout.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
UV_LOCK = Path(__file__).with_name("bootstrap.lock")

# What pip's settings are called by uv, which reads none of pip's own.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "proxy": "ALL_PROXY",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
}
SEPARATORS = {"extra-index-url": " ", "find-links": ",", "trusted-host": " "}

# Settings of pip that would spoil `pip install --target`.
PIP_ENVIRONMENT = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_USER": "0",
}

NO_PIP = f"""This Python ({sys.executable}) has no pip, and there is no uv on the path. One of these helps:
  Debian, Ubuntu:  apt install python3-pip
  Fedora:          dnf install python3-pip
  elsewhere:       {sys.executable} -m ensurepip --user"""
NO_INDEX = f"""Is the package index within reach? `{sys.executable} -m pip config list`
shows how pip is set up; uv is given the same. Behind a proxy, set HTTPS_PROXY; for an index of your own,
PIP_INDEX_URL; for certificates of your own, PIP_CERT. Then run `make setup` again: what is there is kept."""
BAD_VENV = f"Remove the environment's folder and run `make setup` again; it is made from {sys.executable}."
BAD_REQUIREMENTS = f"""Does a service's pyproject.toml ask for what the locked packages do not allow, or for
what the index does not have? Correct its `dependencies` and run `make setup` again. {NO_INDEX}"""


class StepError(Exception):
    """A step of the set-up cannot be done; its text tells the person what to do about it."""


@dataclass(frozen=True)
class Setup:
    """What is to be set up. Paths are relative to the root of the checkout, the current folder."""

    lock: Path
    import_roots: Sequence[Path]
    projects: Sequence[Path]
    venv: Path

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        return self.venv / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The file that says from what the environment was made; written last."""
        return self.venv / ".setup-stamp"

    def fingerprint(self) -> str:
        """Name everything that the environment is made from, by content, not by age."""
        files = (Path(__file__), UV_LOCK, self.lock, *self.projects)
        parts = [f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
        parts += [str(path) for path in (Path.cwd(), *self.import_roots)]
        parts += [sys.executable, platform.python_version(), platform.platform()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest() + "\n"

    def is_done(self) -> bool:
        """Whether the environment stands and was made from exactly what is here now."""
        return self.python.exists() and self.stamp.exists() and self.stamp.read_text() == self.fingerprint()


def succeeds(command: Sequence[str | Path], environment: Mapping[str, str], *, silent: bool = False) -> bool:
    """Run a command, its output on the terminal unless `silent`; returns whether it ended well."""
    output = subprocess.DEVNULL if silent else None
    try:
        return (
            subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode
            == 0
        )
    except OSError as error:  # not for this machine, or on a disk that forbids programs
        print(error, file=sys.stderr)
        return False


def answer(*command: str | Path) -> str | None:
    """Return what a command prints, or None if it fails or cannot be run on this machine."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


# pip's settings, in uv's words


def pip_settings() -> dict[str, str]:
    """Read what pip is configured with: files and `PIP_*` variables, the stronger one winning as in pip."""
    strengths = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in (answer(sys.executable, "-m", "pip", "config", "list") or "").splitlines():
        name, _, literal = line.partition("=")
        section, _, key = name.rpartition(".")
        setting = (strengths.get(section.rstrip("."), -1), str(ast.literal_eval(literal)))
        found[key] = max(found.get(key, (0, "")), setting, key=lambda pair: pair[0])
    return {key: value for key, (_, value) in found.items()}


def uv_settings(pip: Mapping[str, str]) -> dict[str, str]:
    """Say in uv's variables what `pip` says in pip's settings."""
    settings = {}
    for key, name in UV_NAMES.items():
        value = pip.get(key, "").strip()
        if value:
            settings[name] = SEPARATORS[key].join(value.split()) if key in SEPARATORS else value
    if "UV_INDEX" in settings:
        # pip takes the best version of all its indexes, uv by default the first index that knows the name.
        settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return settings


def uv_environment() -> dict[str, str]:
    """Build the environment uv runs in; what the caller sets for uv is stronger than what pip says."""
    # Compiling every package takes 8 s of processor time, what is imported alone 3 s, once; but where Python
    # may not keep what it compiles, every process pays those 3 s anew. Only there everything is compiled now.
    compiled = "1" if os.environ.get("PYTHONDONTWRITEBYTECODE") else "0"
    return {
        "UV_COMPILE_BYTECODE": compiled,
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",
        **uv_settings(pip_settings()),
        **os.environ,
    }


# uv


@dataclass(frozen=True)
class Uv:
    """A uv to run, with pip's settings."""

    program: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str | Path) -> bool:
        """Run uv, its output on the terminal; returns whether it ended well."""
        return succeeds([self.program, *arguments], self.environment)

    def install(self, python: Path, *arguments: str | Path) -> bool:
        """Run `uv pip install`: without network if the cache has all of it, else from the index."""
        command = ["pip", "install", "--quiet", "--python", python, *arguments]
        cached = [self.program, *command, "--offline"]
        return succeeds(cached, self.environment, silent=True) or self.run(*command)


def find_uv(tools: Path) -> Path:
    """Return a uv: the checkout's own, fetched with pip if it is not there, else one on the path.

    `pip install --target` needs neither venv nor ensurepip, and a Python that is managed by its system
    (PEP 668) allows it.

    Raises:
        StepError: there is none, and none can be had.
    """
    uv = tools / "bin" / "uv"
    wanted = UV_LOCK.read_text().split()[0].replace("==", " ")
    if (answer(uv, "--version") or "").startswith(wanted + " "):
        return uv
    if answer(sys.executable, "-m", "pip", "--version") is None:
        on_path = shutil.which("uv")
        if on_path is None:
            raise StepError(NO_PIP)
        return Path(on_path)
    options = ["--quiet", "--upgrade", "--no-compile", "--only-binary", ":all:", "--require-hashes"]
    target = ["--target", str(tools), "--requirement", str(UV_LOCK)]
    command = [sys.executable, "-m", "pip", "install", *options, *target]
    if not succeeds(command, {**os.environ, **PIP_ENVIRONMENT}):
        raise StepError(NO_INDEX)
    return uv


# The steps


def make_venv(setup: Setup, uv: Uv) -> None:
    """Make the virtual environment, unless one of this Python stands there.

    Raises:
        StepError: uv cannot make it.
    """
    version = answer(setup.python, "-I", "-c", "import platform; print(platform.python_version())")
    if version == platform.python_version():
        return
    if not uv.run("venv", "--quiet", "--clear", "--python", sys.executable, setup.venv):
        raise StepError(BAD_VENV)


def install_lock(setup: Setup, uv: Uv) -> None:
    """Install exactly the locked packages, each checked against its hash.

    Raises:
        StepError: they are not in the cache and cannot be fetched.
    """
    if not uv.install(setup.python, "--exact", "--require-hashes", "--requirement", setup.lock):
        raise StepError(NO_INDEX)


def install_projects(setup: Setup, uv: Uv) -> None:
    """Install what the services ask for besides; the lock decides the version of whatever it names.

    Raises:
        StepError: they ask for what cannot be had.
    """
    requirements = [argument for path in setup.projects for argument in ("--requirement", path)]
    if requirements and not uv.install(setup.python, *requirements, "--constraint", setup.lock):
        raise StepError(BAD_REQUIREMENTS)


def write_import_roots(setup: Setup, _uv: Uv) -> None:
    """Put the import roots on the environment's `sys.path`, relative, so that the checkout may be moved.

    Raises:
        StepError: the environment does not run.
    """
    folder = answer(setup.python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    if folder is None:
        raise StepError(BAD_VENV)
    lines = [os.path.relpath(root.resolve(), Path(folder).resolve()) + "\n" for root in setup.import_roots]
    Path(folder, "checkout.pth").write_text("".join(lines))


STEPS: Sequence[tuple[str, Callable[[Setup, Uv], None]]] = (
    ("making the virtual environment", make_venv),
    ("installing the locked packages", install_lock),
    ("installing what the services ask for", install_projects),
    ("putting the import roots on the path", write_import_roots),
)


# The command line


def run_setup(arguments: argparse.Namespace) -> None:
    """Set the checkout up, or do nothing if that is done.

    Raises:
        StepError: a step cannot be done; which one has been printed.
    """
    setup = Setup(arguments.lock, arguments.import_root, sorted(arguments.project), arguments.venv)
    if not setup.is_done():
        print(f"setup: [1/{len(STEPS) + 1}] finding uv", flush=True)
        uv = Uv(find_uv(arguments.tools), uv_environment())
        setup.stamp.unlink(missing_ok=True)
        for number, (name, step) in enumerate(STEPS, start=2):
            print(f"setup: [{number}/{len(STEPS) + 1}] {name}", flush=True)
            step(setup, uv)
    setup.stamp.write_text(setup.fingerprint())  # anew even if it says the same: `make` compares ages


def run_uv(arguments: argparse.Namespace) -> None:
    """Run uv with pip's settings.

    Raises:
        StepError: there is no uv, or it fails.
    """
    uv = Uv(find_uv(arguments.tools), uv_environment())
    if not uv.run(*arguments.arguments):
        raise StepError("uv failed.")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Make the environment of the checkout in the current folder."
    )
    parser.add_argument("--tools", type=Path, default=Path(".tools"), help="where uv is kept")
    commands = parser.add_subparsers(required=True)
    setup = commands.add_parser("setup", help="make the environment, or do nothing if it stands")
    setup.add_argument("--lock", type=Path, required=True, help="requirements with hashes")
    setup.add_argument("--venv", type=Path, default=Path(".venv"), help="where the environment stands")
    setup.add_argument("--import-root", type=Path, nargs="*", default=[], help="folders for sys.path")
    setup.add_argument(
        "--project", type=Path, nargs="*", default=[], help="pyproject.toml files to install for"
    )
    setup.set_defaults(run=run_setup)
    uv = commands.add_parser("uv", help="run uv with pip's settings")
    uv.add_argument("arguments", nargs=argparse.REMAINDER)
    uv.set_defaults(run=run_uv)
    return parser.parse_args()


def main() -> int:
    """Run the command that the command line names; returns the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        print(f"Python {wanted} or newer is needed; {sys.executable} is {platform.python_version()}.")
        print(f"If the machine has a newer one, name it: make setup PYTHON=python{wanted}")
        return 1
    arguments = parse()
    try:
        arguments.run(arguments)
    except StepError as error:
        print(f"\nThat failed. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
