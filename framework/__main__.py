"""`python -m framework`."""

import os
import sys
from contextlib import suppress

from framework.fingerprint import is_current

# Before the command line is read: its parser alone takes longer than to see that there is nothing to do.
if sys.argv[1:] == ["generate"] and is_current("."):
    with suppress(BrokenPipeError):  # whoever reads has read enough
        print("Nothing has changed.", flush=True)
    # To take down what was made takes a tenth of the time: it is left for the system to clear away.
    os._exit(0)

from framework import brief
from framework.cli import COMPILING, main

if sys.argv[1:2] and sys.argv[1] in COMPILING and "--watch" not in sys.argv:
    brief.begin()
brief.end(main())
