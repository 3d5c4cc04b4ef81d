"""`python -m framework`."""

import sys

from framework.fingerprint import is_current

# Before the command line is read: its parser alone takes longer than to see that there is nothing to do.
if sys.argv[1:] == ["generate"] and is_current("."):
    print("Nothing has changed.")
    sys.exit(0)

from framework import brief
from framework.cli import COMPILING, main

if sys.argv[1:2] and sys.argv[1] in COMPILING and "--watch" not in sys.argv:
    brief.begin()
brief.end(main())
