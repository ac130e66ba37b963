"""The second-order Taylor polynomial, written in x - x0.

f(x0 + h) = f(x0) + grad f(x0)^T h + h^T H(x0) h / 2 + o(||h||^2) where f is twice continuously differentiable at x0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy

from gdcli.calculus.affine import abs_or_self, bracketed, is_negative, joined, offset
from gdcli.language.latex import latex
from gdcli.language.text import text
from gdcli.results.common import Written

Factor = tuple[sympy.Symbol, sympy.Expr]
Term = tuple[sympy.Expr, tuple[Factor, ...]]


def taylor(
    value: sympy.Expr,
    gradient: Sequence[sympy.Expr],
    hessian: Sequence[Sequence[sympy.Expr]],
    place: Sequence[Factor],
) -> Written:
    """The polynomial from f(x0), grad f(x0) (d,), H(x0) (d, d) and the (variable, coordinate) pairs of x0."""
    terms = [term for term in _terms(gradient, hessian, place) if term[0] != 0]
    if not terms:
        return Written(text(value), latex(value))
    pieces = [] if value == 0 else [(is_negative(value), *bracketed(abs_or_self(value), alone=True))]
    pieces += [(is_negative(c), *_product(abs_or_self(c), factors)) for c, factors in terms]
    return Written(joined([(n, t) for n, t, _ in pieces]), joined([(n, x) for n, _, x in pieces]))


def _terms(
    gradient: Sequence[sympy.Expr], hessian: Sequence[Sequence[sympy.Expr]], place: Sequence[Factor]
) -> Iterator[Term]:
    """g_i h_i, then H_ii/2 h_i^2 and H_ij h_i h_j."""
    for slope, factor in zip(gradient, place, strict=True):
        yield slope, (factor,)
    for i, a in enumerate(place):
        for j in range(i, len(place)):
            yield hessian[i][j] / (2 if i == j else 1), (a, place[j])


def _product(coefficient: sympy.Expr, factors: tuple[Factor, ...]) -> tuple[str, str]:
    """c*(x - 1)**2, c*(x - 1)*(y - 2), without a factor 1."""
    offsets = [offset(*factor) for factor in dict.fromkeys(factors)]
    square = len(offsets) < len(factors)
    plain = [t + ("**2" if square else "") for t, _ in offsets]
    tex = [x + ("^{2}" if square else "") for _, x in offsets]
    if coefficient != 1:
        number, number_tex = bracketed(coefficient, alone=False)
        plain, tex = [number, *plain], [number_tex, *tex]
    return "*".join(plain), r" \, ".join(tex)
