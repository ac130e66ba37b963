"""Directions: steepest ascent and descent, directional derivatives, the cosine law."""
