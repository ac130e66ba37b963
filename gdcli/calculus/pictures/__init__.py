"""Figures of the calculus, in numbers: a function with its tangent, its directions, its secants."""
