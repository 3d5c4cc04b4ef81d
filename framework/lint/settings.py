"""Settings in `.env` that were probably misspelt: no service reads them, and one reads something close."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from framework.diagnostics import Diagnostics, did_you_mean
from framework.lint.modules import Code
from framework.source import Source
from framework.system import System

_RUNTIME = Path(__file__).parents[1] / "runtime"
_ENV = ".env"
_EXAMPLE = ".env.example"
_ASSIGNMENT = re.compile(r"^(?P<before>\s*(?:export\s+)?)(?P<name>[A-Za-z_]\w*)\s*=.*", re.MULTILINE)
_MENTIONED = re.compile(r"^#?\s*([A-Z][A-Z0-9_]*)=", re.MULTILINE)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+\Z")


def check_settings(root: Path, code: Code, system: System, diagnostics: Diagnostics) -> None:
    """Tell of every variable in `.env` that differs by a slip from one that is read."""
    text = _read(root / _ENV)
    if not text:
        return
    known = {*_of_system(system), *_MENTIONED.findall(_read(root / _EXAMPLE)), *_of_runtime()}
    for module in code:
        known |= set(_of_code(module.tree))
    # Values are secrets, and an excerpt is shown to whoever reads the log.
    source = Source(_ENV, _ASSIGNMENT.sub(r"\g<before>\g<name>=…", text))
    for line, written in enumerate(text.split("\n")):
        match = _ASSIGNMENT.match(written)
        if match and (name := match["name"]).upper() not in known and (hint := did_you_mean(name, known)):
            place = source.at(line, match.start("name"), len(name))
            diagnostics.add("unknown-setting", place, f"no service reads {name!r}", hint=hint)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _of_system(system: System) -> Iterator[str]:
    """What `make dev` and generated code read for each service."""
    for service in system.services:
        yield f"{service.name.upper()}_PORT"
        yield f"{service.name.upper()}_DATABASE_URL"
        yield from (client.setting.upper() for client in service.clients)
        yield from service.secrets


def _of_runtime() -> Iterator[str]:
    for path in _RUNTIME.rglob("*.py"):
        if "Settings" in (text := path.read_text("utf-8")):
            yield from _of_code(ast.parse(text))


def _of_code(tree: ast.Module) -> Iterator[str]:
    """The fields of classes of settings, and every text that looks like the name of a variable."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(bases=bases) if any("Settings" in _last_name(base) for base in bases):
                yield from _fields(node)
            case ast.Constant(str() as text) if _VARIABLE.match(text):
                yield text


def _fields(node: ast.ClassDef) -> Iterator[str]:
    prefix = next((text for each in ast.walk(node) if (text := _prefix(each))), "")
    for statement in node.body:
        match statement:
            case ast.AnnAssign(ast.Name(name)):
                yield f"{prefix}{name}".upper()


def _prefix(node: ast.AST) -> str:
    match node:
        case ast.keyword("env_prefix", ast.Constant(str() as text)):
            return text
    return ""


def _last_name(base: ast.expr) -> str:
    match base:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return ""
