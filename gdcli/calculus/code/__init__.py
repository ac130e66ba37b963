"""f and its gradient as source code: one module a language, named as the value of --format. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdcli.calculus.function import Function


def source(language: str, function: Function, partials: Mapping[str, Any]) -> str:
    """A complete program text with f and grad_f (the `partials`, by variable), common subexpressions shared.

    Raises UsageError for a function or number that the language has no way to write.
    """
    return str(import_module(f"gdcli.calculus.code.{language}").source(function, partials))
