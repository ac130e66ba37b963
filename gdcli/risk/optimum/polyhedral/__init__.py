"""R* of losses with one kink a row: absolute, quantile, hinge (THEORY, section 1)."""
