"""Real servers for every test that asks for one; and Ctrl+C ends what tests start, wherever they run."""

import signal

pytest_plugins = ["framework.pytest_plugin"]

# A shell has what it puts in the background ignore Ctrl+C, and each process hands that on to those it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
