"""Rates for people: what ran, each method's slope beside the theory, T(eps), the comparison, and the picture."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text.rate.page import result

__all__ = ["head", "result", "step"]


def head(head: object, look: Look) -> str:
    """Nothing: everything stands in the result."""
    return ""


def step(step: object, look: Look) -> str:
    """Nothing: a point is for programs."""
    return ""
