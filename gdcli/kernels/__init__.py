"""Expressions to running code: one generated Python source, run over scalars or arrays."""
