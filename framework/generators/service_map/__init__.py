"""`docs/services.svg` and `docs/services.md`: who talks to whom, for people to look at."""

from __future__ import annotations

from collections.abc import Iterator

from framework.connectivity import Connectivity, connectivity
from framework.files import File, banner
from framework.generators.service_map.drawing import drawing
from framework.generators.service_map.flowchart import mermaid
from framework.generators.service_map.rows import Section, sections
from framework.generators.templating import render
from framework.system import System

__all__ = ["generate", "mermaid", "svg"]

_SOURCES = "services.yml, shared/spec and services/*/spec"


def generate(system: System) -> Iterator[File]:
    """The drawing, and a page with the same as a Mermaid flowchart and in words."""
    lines = connectivity(system)
    found = sections(lines)
    yield File("docs/services.svg", _svg(lines, found))
    page = render(
        "codegen/services.md.j2",
        banner=_banner(),
        flowchart=mermaid(lines),
        lines=lines,
        sections=found,
    )
    yield File("docs/services.md", page)


def svg(lines: Connectivity) -> str:
    """The drawing."""
    return _svg(lines, sections(lines))


def _svg(lines: Connectivity, found: tuple[Section, ...]) -> str:
    return render("codegen/services.svg.j2", banner=_banner(), drawing=drawing(lines, found))


def _banner() -> str:
    return banner(_SOURCES, "<!-- ") + " -->"
