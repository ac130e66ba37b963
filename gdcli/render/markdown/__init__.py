"""Results as Markdown, for a notebook, a wiki or an issue. One module a command, named after it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render import text as plain


def head(head: Any, look: Look) -> str:
    """Nothing: a page holds everything."""
    return ""


def step(step: Any, look: Look) -> str:
    """Nothing: a page holds everything."""
    return ""


def result(result: Any, look: Look) -> str:
    """The whole result."""
    return str(import_module(f"gdcli.render.markdown.{result.command}").result(result, look))


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a block of code."""
    return f"```\n{plain.error(error, command, look)}```\n"
