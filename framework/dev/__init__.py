"""A project on a developer's machine: its environment, its migrations, and all its services at once."""
