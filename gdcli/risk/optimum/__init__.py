"""R* and a minimiser: one solver a class of losses and models (THEORY, section 1)."""
