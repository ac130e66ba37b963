"""Descent on a formula: the plan, the run and its report."""
