"""Expression to LaTeX: x_{1}^{2} + 3 x_{1} x_{2}^{2}. The order is the one of `text`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from gdcli.language.functions import spelling
from gdcli.language.names import GREEK
from gdcli.language.recursion import deep
from gdcli.language.text import Writer, digits

_GREEK_NAMES = frozenset(GREEK.values())
_UNKNOWN_TO_LATEX = frozenset({"softplus", "relu", "logsumexp", "atan2", "polygamma"})
_PARTS = re.compile(r"([A-Za-z]+?)(\d*)((?:_[A-Za-z0-9]+)*)\Z")
_PRODUCT_WITH_SIGMA = re.compile(r"\\sigma \\left\(")


# Without type information in sympy its classes are Any to the type checker.
class _Printer(LatexPrinter):  # type: ignore[misc]
    """sympy's printer with our order of terms, our atoms, and numbers of any length."""

    def __init__(self, names: Mapping[Any, str]) -> None:
        super().__init__()
        self._names = names
        self._writer = Writer(names)

    def _print(self, expr: Any, **options: Any) -> str:
        """A piece that has a name by its name."""
        name = self._names.get(expr)
        return str(super()._print(expr, **options)) if name is None else _raised(symbol_latex(name), options.get("exp"))

    def definition(self, expr: Any) -> str:
        """What the name of a piece stands for."""
        return str(super()._print(expr))

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return self._writer.order.terms(expr)

    def _print_Integer(self, expr: Any) -> str:
        return digits(int(expr))

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return symbol_latex(expr.name)

    def _print_Pow(self, expr: Any) -> str:
        """As sympy has it, but an odd root sign for the real odd root alone: x^(1/3) ends where x is negative."""
        base, exponent = expr.base, expr.exp
        if (
            exponent.is_Rational
            and abs(exponent.p) == 1
            and exponent.q > 2
            and exponent.q % 2
            and not base.is_nonnegative
        ):
            shown = f"{self._bracketed(base)}^{{{self._print(abs(exponent))}}}"
            return shown if exponent.p == 1 else rf"\frac{{1}}{{{shown}}}"
        return str(super()._print_Pow(expr))

    def _bracketed(self, base: Any) -> str:
        shown = self._print(base)
        return shown if base.is_Symbol else rf"\left({shown}\right)"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "0 = 0"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return r"0 \neq 0"

    # sympy passes the exponent of a power of a function as `exp`.
    def _print_sigmoid(self, expr: Any, exp: str | None = None) -> str:
        return _raised(rf"\sigma\left({self._print(expr.args[0])}\right)", exp)

    def _print_oddroot(self, expr: Any, exp: str | None = None) -> str:
        u, n = expr.args
        return _raised(rf"\sqrt[{self._print(n)}]{{{self._print(u)}}}", exp)

    def _named(self, name: str, expr: Any, exp: str | None) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        return rf"{_raised(name, exp)}\left({arguments}\right)"


def _operator(name: str) -> Callable[..., str]:
    def show(self: _Printer, expr: Any, exp: str | None = None) -> str:
        return self._named(rf"\operatorname{{{name}}}", expr, exp)

    return show


for _class, _name in spelling().items():
    if _class in _UNKNOWN_TO_LATEX:
        setattr(_Printer, f"_print_{_class}", _operator(_name))


def symbol_latex(name: str) -> str:
    r"""x1 is x_{1}, x_max is x_{max}, x1_2 is x_{1,2}, theta is \theta, weight is \mathrm{weight}."""
    match = _PARTS.match(name)
    if match is None:
        return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"
    base, number, rest = match.groups()
    subscripts = [number, *rest.split("_")[1:]] if number else rest.split("_")[1:]
    shown = f"\\{base}" if base in _GREEK_NAMES else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    return f"{shown}_{{{','.join(subscripts)}}}" if subscripts else shown


def _raised(shown: str, exp: str | None) -> str:
    return shown if exp is None else f"{shown}^{{{exp}}}"


def latex(expr: sympy.Basic, names: Mapping[Any, str] = MappingProxyType({}), define: bool = False) -> str:
    """The expression in LaTeX, without dollar signs. Where `names` holds a piece, its name stands for it.

    With `define` the expression itself is written out though it has a name.
    """
    printer = _Printer(names)
    with deep():
        shown = printer.definition(expr) if define else str(printer.doprint(expr))
    # A bracket right behind sigma would make it the sigmoid.
    return _PRODUCT_WITH_SIGMA.sub(r"\\sigma \\cdot \\left(", shown)
