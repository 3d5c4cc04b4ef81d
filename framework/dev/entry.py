"""Runs a module as `python -m` does: `python -m framework.dev.entry uvicorn …`.

A mistake of syntax is told in two lines, without the way that led to it; of everything else Python tells all.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the module that the first argument names with the arguments behind it."""
    del sys.argv[0]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SyntaxError as error:
        sys.exit(_in_words(error))


def _in_words(error: SyntaxError) -> str:
    path, here = Path(error.filename or ""), Path.cwd()
    place = path.relative_to(here) if path.is_relative_to(here) else path
    line = (error.text or "").strip()
    return f"{place}:{error.lineno}: {type(error).__name__}: {error.msg}" + (f"\n    {line}" if line else "")


if __name__ == "__main__":
    main()
