"""Figures of runs: the gap against the work, the data with what was fitted."""
