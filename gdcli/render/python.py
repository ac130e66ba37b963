"""The gradient as Python code."""

from __future__ import annotations

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render.code import failure, page
from gdcli.results.grad import GradientReport


def result(result: GradientReport, look: Look) -> str:
    """f and grad_f."""
    return page(result, "python", "#")


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a comment."""
    return failure(error, command, "#", look)
