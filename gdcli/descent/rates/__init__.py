"""Measured rates of convergence: several methods on one risk, with seeds, beside what the theory states (THEORY 5)."""
