"""Administration of a running project from a terminal: its dead letters and its consumer groups."""
