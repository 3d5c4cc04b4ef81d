"""`python -m framework`."""

import sys

from framework.fingerprint import is_current

# Before the command line is read: its parser alone takes longer than to see that there is nothing to do.
if sys.argv[1:] == ["generate"] and is_current("."):
    print("Nothing has changed.")
    sys.exit(0)

import gc
import os

from framework.cli import COMPILING, main

if sys.argv[1:2] and sys.argv[1] in COMPILING and "--watch" not in sys.argv:
    # Such a run ends before there is garbage to speak of; to look for it takes a quarter of a large one.
    gc.disable()
    # To look through all packages for plugins of Pydantic takes a tenth of a small one, and none is wanted.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"

sys.exit(main())
