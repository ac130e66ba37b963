"""Expression to LaTeX: x_{1}^{2} + 3 x_{1} x_{2}^{2}. The order is the one of `text`."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from gdcli.language.order import terms
from gdcli.language.recursion import deep
from gdcli.language.text import digits


# Without type information in sympy its classes are Any to the type checker.
class _Printer(LatexPrinter):  # type: ignore[misc]
    """sympy's printer with our order of terms, our atoms, and numbers of any length."""

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return terms(expr)

    def _print_Integer(self, expr: Any) -> str:
        return digits(int(expr))

    def _print_softplus(self, expr: Any) -> str:
        return self._named("softplus", expr)

    def _print_sigmoid(self, expr: Any) -> str:
        return rf"\sigma\left({self._print(expr.args[0])}\right)"

    def _print_relu(self, expr: Any) -> str:
        return self._named("relu", expr)

    def _print_logsumexp(self, expr: Any) -> str:
        return self._named("logsumexp", expr)

    def _print_oddroot(self, expr: Any) -> str:
        u, n = expr.args
        return rf"\sqrt[{self._print(n)}]{{{self._print(u)}}}"

    def _named(self, name: str, expr: Any) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        return rf"\operatorname{{{name}}}\left({arguments}\right)"


def latex(expr: sympy.Basic) -> str:
    """The expression in LaTeX, without dollar signs."""
    with deep():
        return str(_Printer().doprint(expr))
