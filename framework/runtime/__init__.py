"""What a running service imports; it imports nothing of the rest of `framework`."""
