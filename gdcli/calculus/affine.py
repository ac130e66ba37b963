"""How a linear approximation is written: 1 + 2*(x - 1), the step kept together and nothing multiplied out."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from gdcli.calculus.exact import sign_of
from gdcli.language.latex import latex
from gdcli.language.text import text
from gdcli.results.common import Written

Term = tuple[sympy.Expr, sympy.Symbol, sympy.Expr]


def affine(value: sympy.Expr, terms: Sequence[Term]) -> Written:
    """`value` + sum of slope * (variable - start) over the (slope, variable, start) of `terms`."""
    present = [term for term in terms if term[0] != 0]
    if not present:
        return Written(text(value), latex(value))
    pieces = [] if value == 0 else [(is_negative(value), *bracketed(abs_or_self(value), alone=True))]
    pieces += [(is_negative(slope), *_product(abs_or_self(slope), x, a)) for slope, x, a in present]
    return Written(joined([(n, t) for n, t, _ in pieces]), joined([(n, x) for n, _, x in pieces]))


def abs_or_self(number: sympy.Expr) -> sympy.Expr:
    """|number| where its minus stands before it, else the number."""
    return -number if is_negative(number) else number


def is_negative(number: sympy.Expr) -> bool:
    """Whether the number's minus stands before it."""
    return not number.is_Add and sign_of(number) == -1 and number.could_extract_minus_sign()


def joined(pieces: Sequence[tuple[bool, str]]) -> str:
    """a + b - c from (negative, piece) pairs."""
    (negative, first), *rest = pieces
    return ("-" if negative else "") + first + "".join((" - " if n else " + ") + piece for n, piece in rest)


def bracketed(number: sympy.Expr, *, alone: bool) -> tuple[str, str]:
    """Text and LaTeX of a number, in brackets where it is a sum beside a product."""
    plain, tex = text(number), latex(number)
    return (plain, tex) if alone or not number.is_Add else (f"({plain})", rf"\left({tex}\right)")


def _product(slope: sympy.Expr, variable: sympy.Symbol, start: sympy.Expr) -> tuple[str, str]:
    plain, tex = offset(variable, start)
    if slope == 1:
        return plain, tex
    factor, tex_factor = bracketed(slope, alone=False)
    dot = r" \, " if start == 0 else " "
    return f"{factor}*{plain}", f"{tex_factor}{dot}{tex}"


def offset(variable: sympy.Symbol, start: sympy.Expr) -> tuple[str, str]:
    """x - x0, in brackets unless x0 is 0."""
    if start == 0:
        return text(variable), latex(variable)
    sign = "+" if is_negative(start) else "-"
    plain, tex = bracketed(abs_or_self(start), alone=False)
    return f"({text(variable)} {sign} {plain})", rf"\left({latex(variable)} {sign} {tex}\right)"
