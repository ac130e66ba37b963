"""Derivatives by the rules, one application at a time, on the formula as it was typed."""
