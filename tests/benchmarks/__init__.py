"""Measured by hand: `python -m tests.benchmarks.engine` beside the peers, the others each by its file."""
