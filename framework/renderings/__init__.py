"""Diagnostics as the readers of `--format` want them: one module for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from framework.diagnostics import Diagnostic
from framework.renderings import objects, sarif, workflow

MACHINE_FORMATS: Mapping[str, Callable[[Iterable[Diagnostic]], str]] = {
    "json": objects.render,
    "github": workflow.render,
    "sarif": sarif.render,
}
"""The formats that programs read; `framework.renderings.text` is for people."""
