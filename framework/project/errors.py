"""What ends a change of the project before anything of it has happened."""

from __future__ import annotations


class ProjectError(Exception):
    """It cannot be done, and nothing has changed; the message says why, and what to do."""
