"""Generated files kept in step with the specs while somebody works on them."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from framework.catalogue import Severity
from framework.fingerprint import state_of_specs
from framework.generation import generate_files
from framework.output import told_refused
from framework.renderings.palette import palette_for
from framework.renderings.text import render

# We look, and do not wait to be told: that sees whatever editors, git and network disks do to files and
# folders, misses nothing while a folder is being replaced, and takes 0.2 ms for a project of ten specs.
_INTERVAL = 0.075  # seconds from look to look
_PAUSE = 0.025  # seconds without a change after which a save, or a burst of saves, counts as done
_MOST_PAUSES = 6  # a longer burst is generated from while it lasts


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a generation: what there is to tell, and the generated files if it was done."""

    words: str
    is_done: bool = False
    files: tuple[Path, ...] = ()


async def regenerate_on_save(root: Path, tell: Callable[[str], object]) -> None:
    """Generate now, and again after every change of a spec; ends by cancellation only.

    `tell` is given what came of it, if there is anything to tell: what was written, mistakes (several lines),
    and that they are mended. Generated files that are taken away are brought back; those that are edited
    stay as they are until the next generation.
    """
    root = Path(os.path.abspath(root))  # noqa: ASYNC240, PTH100 - the place, even after its folder is replaced
    seen: object = None
    result = _Result("", is_done=True)
    while True:
        state = _state(root)
        if state != seen or not all(map(os.path.lexists, result.files)):
            seen = await _settled(root, state)
            was_done, result = result.is_done, await asyncio.to_thread(_generate, root)
            mended = "The mistakes are mended." if result.is_done and not was_done else ""
            if words := "\n".join(filter(None, (mended, result.words))):
                tell(words)
        await asyncio.sleep(_INTERVAL)


async def _settled(root: Path, state: object) -> object:
    """The state after a burst of saves."""
    for _ in range(_MOST_PAUSES):
        await asyncio.sleep(_PAUSE)
        before, state = state, _state(root)
        if state == before:
            break
    return state


def _state(root: Path) -> object:
    try:
        return state_of_specs(root)
    except OSError as error:  # a folder that vanished, or that must not be read
        return str(error)


def _generate(root: Path) -> _Result:
    try:
        outcome = generate_files(root)
    except OSError as error:
        return _Result(f"Nothing was written: {error}")
    except Exception:  # ours, and no reason to leave the user alone with it for the rest of the day
        return _Result(f"{traceback.format_exc()}This is a bug of the framework. Nothing was written.")
    found = [each for each in outcome.diagnostics if each.severity is not Severity.NOTE]
    words = [render(found, palette_for(sys.stdout))] if found else []
    if not outcome.is_done:
        return _Result("\n".join([*words, *told_refused(outcome.changes), "Nothing was written."]))
    words += outcome.warnings
    if outcome.changes.changes:
        words.append(outcome.summary)
    generated = tuple(root / file.path for file in outcome.files if not file.once)
    return _Result("\n".join(words), is_done=True, files=generated)
