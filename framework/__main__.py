"""`python -m framework`."""

import os
import sys
from contextlib import suppress

from framework.fingerprint import is_current

# What make targets begin with. To make a parser of the command line takes longer than to see that nothing is
# to be done, and a fiftieth of what it takes to generate for a thousand operations.
if sys.argv[1:] == ["generate"]:
    if is_current("."):
        with suppress(BrokenPipeError):  # whoever reads has read enough
            print("Nothing has changed.", flush=True)
        # To take down what was made takes a tenth of the time: it is left for the system to clear away.
        os._exit(0)
    from pathlib import Path

    from framework import brief
    from framework.commands.generate import generate
    from framework.exits import status_of

    brief.begin()
    brief.end(status_of(lambda: generate(Path())))

from framework import brief
from framework.cli import COMPILING, main

if sys.argv[1:2] and sys.argv[1] in COMPILING and "--watch" not in sys.argv:
    brief.begin()
brief.end(main())
