"""Models of my own."""
