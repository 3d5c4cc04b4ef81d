"""Fixtures of these tests alone; servers, clients and events come with `framework.pytest_plugin`."""
