"""The Jinja environment of the generators: strict, with filters that keep text of the specs harmless."""

from __future__ import annotations

import marshal
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket, bc_magic

from framework.generators.text import docstring, literal, toml

TEMPLATES = Path(__file__).parent.parent / "templates"


class _Environment(Environment):
    # Templates ask for attributes, never for items by the same notation: no second try, no call of Python.
    getattr = staticmethod(getattr)  # type: ignore[assignment]


class _Loader(FileSystemLoader):
    """Templates whose pieces go into a list, where they cost half of what they cost one at a time."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The template within a block that Jinja collects."""
        source, path, is_current = super().get_source(environment, template)
        return f"{{% filter whole %}}{source}{{% endfilter %}}", path, is_current


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, kept as Python keeps its compiled modules: beside them, and if possible."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """What Jinja does, but from bytes: `marshal` reads every name of a file by a call of its own."""
        head = bc_magic + pickle.dumps(bucket.checksum, 2)
        with suppress(OSError, EOFError, ValueError, TypeError):
            kept = Path(self._get_cache_filename(bucket)).read_bytes()
            if kept.startswith(head):
                bucket.code = marshal.loads(kept[len(head) :])  # noqa: S302 - as Jinja, and Python its modules

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def render(template: str, **context: Any) -> str:
    """Render `templates/<template>`, ended by one line break.

    Raises jinja2.UndefinedError for anything that the context lacks.
    """
    return _template(template).render(context).rstrip("\n") + "\n"


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=_Loader(TEMPLATES),
        bytecode_cache=_Compiled(str(TEMPLATES / "__pycache__"), "%s.pyc"),
        auto_reload=False,
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"docstring": docstring, "joined": _joined, "literal": literal, "toml": toml}
    environment.filters["whole"] = str
    # No template calls any of Jinja's functions, and each rendering would take them along.
    environment.globals.clear()
    return environment


def _joined(items: Iterable[str], separator: str) -> str:
    """What Jinja's `join` does, which asks each time whether there is something to await or to escape."""
    return separator.join(items)
