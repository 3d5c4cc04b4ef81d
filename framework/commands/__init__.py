"""One module per command of `framework`: `add_arguments(parser)` and `run(args) -> int`."""
