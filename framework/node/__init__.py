"""Node services on a developer's machine: which Node runs them, and their packages."""
