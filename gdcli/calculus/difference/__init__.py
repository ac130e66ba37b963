"""The derivative from its definition: the difference quotient written out, cancelled, and taken to its limit."""
