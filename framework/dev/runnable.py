"""Which services can be run on this machine now, and why others are left out."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from framework.dev.environment import Environment
from framework.node.programs import NodeMissing, find_node
from framework.scaffold.stubs import landmark
from framework.system import Service, ServiceType

_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")


def runnable(
    root: Path, services: Sequence[Service], environment: Environment, tell: Callable[[str], object]
) -> list[Service]:
    """The services that can be run; `tell` is given what to do about the others."""
    reasons = {service.name: _reason(root, service, environment) for service in services}
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        if reason:
            left_out[reason].append(name)
    for reason, names in left_out.items():
        tell(f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} left out: {reason}")
    return [service for service in services if not reasons[service.name]]


def _reason(root: Path, service: Service, environment: Environment) -> str:
    """What has to be done before the service can be run; empty if it can."""
    folder = root / "services" / service.name
    if not (folder / landmark(service.type)).exists():
        return "there is no code yet, run `make sync-services`"
    if service.type is ServiceType.TELEGRAM and not environment.get("TELEGRAM_BOT_TOKEN"):
        return "set TELEGRAM_BOT_TOKEN in .env (@BotFather gives one)"
    return _reason_of_node(folder, environment) if service.type is ServiceType.NODE else ""


def _reason_of_node(folder: Path, environment: Environment) -> str:
    try:
        package: dict[str, Any] = json.loads((folder / "package.json").read_text("utf-8"))
        scripts, engines = dict(package.get("scripts", {})), dict(package.get("engines", {}))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        return f"services/{folder.name}/package.json cannot be read: {error}"
    if "dev" not in scripts:
        return f"services/{folder.name}/package.json has no script `dev`"
    try:
        node = find_node(environment.get("PATH"))
    except NodeMissing as error:
        return str(error)
    needed = _version(str(engines.get("node", "")))
    installed = _version(_output(str(node.program), "--version"))
    if needed and installed and installed < needed:
        return f"it needs Node.js {engines['node']}, and {'.'.join(map(str, installed))} is installed"
    has_packages = package.get("dependencies") or package.get("devDependencies")
    if has_packages and not (folder / "node_modules").is_dir():
        return f"its packages are not installed, run `make npm do=install service={folder.name}`"
    return ""


def _version(text: str) -> tuple[int, int] | None:
    """The first version that a text names; of a range that is the oldest."""
    match = _VERSION.search(text)
    return (int(match[1]), int(match[2] or 0)) if match else None


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
