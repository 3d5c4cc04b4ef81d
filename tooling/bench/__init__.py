"""Benchmarks: what a part costs, held against what it cannot do without, and against its peers."""
