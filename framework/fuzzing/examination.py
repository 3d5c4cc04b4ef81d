"""One service, examined by schemathesis: a program apart, which knows the document and HTTP alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import httpx

from framework.dev.errors import DevelopmentError
from framework.fuzzing.excuses import is_excused
from framework.fuzzing.findings import Finding, read_events

SETTINGS: Final = "schemathesis.toml"
"""The file of a project that tells schemathesis more: headers to send, operations to leave out."""
_COMPLETE: Final = frozenset({0, 1})
"""Its exit codes after a run: nothing found, something found."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How far an examination goes."""

    examples: int = 50
    """Made-up requests for each operation, besides those that try its limits one by one."""
    seed: int = 1
    phases: str = "examples,coverage,fuzzing,stateful"
    """What is tried; `stateful` uses what one operation answers for the next."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found out about one service."""

    service: str
    operations: int
    cases: int
    findings: tuple[Finding, ...]
    """One for each fault, each where it was met first."""
    troubles: tuple[str, ...]


def check_installed() -> None:
    """Raise `DevelopmentError` where schemathesis is missing."""
    if find_spec("schemathesis") is None:
        raise DevelopmentError("schemathesis is not installed: run `make setup`")


def examine(service: str, address: str, depth: Depth, folder: Path, settings: Path | None) -> Examination:
    """Examine the service at `address`; what schemathesis writes goes to `folder`.

    Raises `DevelopmentError` if it could not do its work, with its own words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    events = folder / f"{service}.ndjson"
    document: dict[str, Any] = httpx.get(f"{address}/openapi.json", trust_env=False, timeout=60).json()
    operations = sum(len(methods) for methods in document["paths"].values())
    if not operations:
        return Examination(service, 0, 0, (), ())
    done = subprocess.run(
        _command(address, depth, events, settings),
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / f"{service}.txt").write_text(done.stdout + done.stderr)
    if done.returncode not in _COMPLETE or not events.exists():
        raise DevelopmentError(f"schemathesis gave up on {service}:\n{(done.stdout + done.stderr).strip()}")
    found = read_events(events)
    faults = _faults(found.findings, document)
    return Examination(service, operations, found.cases, faults, tuple(dict.fromkeys(found.troubles)))


def _command(address: str, depth: Depth, events: Path, settings: Path | None) -> list[str]:
    return [
        *(sys.executable, "-m", "schemathesis.cli"),
        *(("--config-file", str(settings)) if settings else ()),
        *("run", f"{address}/openapi.json", "--no-color", "--continue-on-failure"),
        *("--max-examples", str(depth.examples), "--seed", str(depth.seed), "--phases", depth.phases),
        # No database stores NUL, and a document with a pattern for every text could not be read.
        *("--generation-allow-x00", "false", "--generation-database", "none"),
        *("--suppress-health-check", "all", "--request-timeout", "30"),
        *("--output-sanitize", "false", "--report", "ndjson", "--report-ndjson-path", str(events)),
    ]


def _environment() -> Mapping[str, str]:
    """Ours, but for proxies, which could not reach this machine's services."""
    return {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}


def _faults(findings: tuple[Finding, ...], document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Those that are none of the service's excuses, each once; a failure says no status besides."""
    found: dict[object, Finding] = {}
    for each in findings:
        is_told = each.check == "status_code_conformance" and each.exchange.status >= 500
        if not is_told and not is_excused(each, document):
            found.setdefault((each.check, each.operation, _kind(each)), each)
    return tuple(found.values())


def _kind(finding: Finding) -> object:
    """What tells two faults of one operation apart that the same check found."""
    if finding.check == "response_schema_conformance":
        return next((line for line in finding.message.splitlines() if line.startswith("Schema at ")), "")
    return finding.exchange.status
