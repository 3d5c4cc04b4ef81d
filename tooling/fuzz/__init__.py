"""Specs broken at random, by the hundred thousand: `python -m tooling.fuzz`."""
