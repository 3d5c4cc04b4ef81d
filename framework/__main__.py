"""`python -m framework`."""

import sys

from framework.fingerprint import is_current

# Before the command line is read: its parser alone takes longer than to see that there is nothing to do.
if sys.argv[1:] == ["generate"] and is_current("."):
    print("Nothing has changed.")
    sys.exit(0)

import gc
import os
from types import ModuleType

from framework.cli import COMPILING, main

is_brief = sys.argv[1:2] and sys.argv[1] in COMPILING and "--watch" not in sys.argv
if is_brief:
    # Such a run ends before there is garbage to speak of; to look for it takes a quarter of a large one.
    gc.disable()
    # What Pydantic finds plugins with takes a tenth of a small one to import, and no plugin is wanted.
    no_plugins = ModuleType("pydantic.plugin._loader")
    no_plugins.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules[no_plugins.__name__] = no_plugins

status = main()
if is_brief:
    # To take apart a large project in memory takes as long as to write it, and the process ends anyway.
    sys.stderr.flush()
    os._exit(status)
sys.exit(status)
