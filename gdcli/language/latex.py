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

    # sympy passes the exponent of a power of a function as `exp`.
    def _print_softplus(self, expr: Any, exp: str | None = None) -> str:
        return self._named(r"\operatorname{softplus}", expr, exp)

    def _print_sigmoid(self, expr: Any, exp: str | None = None) -> str:
        return self._named(r"\sigma", expr, exp)

    def _print_relu(self, expr: Any, exp: str | None = None) -> str:
        return self._named(r"\operatorname{relu}", expr, exp)

    def _print_logsumexp(self, expr: Any, exp: str | None = None) -> str:
        return self._named(r"\operatorname{logsumexp}", expr, exp)

    def _print_oddroot(self, expr: Any, exp: str | None = None) -> str:
        u, n = expr.args
        return _raised(rf"\sqrt[{self._print(n)}]{{{self._print(u)}}}", exp)

    def _named(self, name: str, expr: Any, exp: str | None) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        return rf"{_raised(name, exp)}\left({arguments}\right)"


def _raised(shown: str, exp: str | None) -> str:
    return shown if exp is None else f"{shown}^{{{exp}}}"


def latex(expr: sympy.Basic) -> str:
    """The expression in LaTeX, without dollar signs."""
    with deep():
        return str(_Printer().doprint(expr))
