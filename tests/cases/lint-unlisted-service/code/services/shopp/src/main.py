"""A service that was renamed."""
