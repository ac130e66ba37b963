r"""Results as LaTeX: align environments, to be pasted into a document that loads amsmath. One module a command."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render import text as plain


def head(head: Any, look: Look) -> str:
    """Nothing: one environment holds everything."""
    return ""


def step(step: Any, look: Look) -> str:
    """Nothing: one environment holds everything."""
    return ""


def result(result: Any, look: Look) -> str:
    """The report's equations."""
    page = import_module(f"gdcli.render.latex.{result.command}")
    return str(page.result(result, look))


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a comment, so that a document still compiles."""
    return "".join(f"% {line}\n" for line in plain.error(error, command, look).splitlines())
