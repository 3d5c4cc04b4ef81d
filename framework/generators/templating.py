"""The Jinja environment of the generators: strict, with filters that keep text of the specs harmless."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from framework.generators.text import docstring, literal, toml

TEMPLATES = Path(__file__).parent.parent / "templates"


def render(template: str, **context: Any) -> str:
    """Render `templates/<template>`. Raises jinja2.UndefinedError for anything that the context lacks."""
    return _environment().get_template(template).render(context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - what is rendered is Python, Markdown and TOML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"docstring": docstring, "literal": literal, "toml": toml}
    return environment
