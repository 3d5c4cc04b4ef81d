"""Calls of other services: connections that are kept, deadlines, when to try again and when to leave it."""
