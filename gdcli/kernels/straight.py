"""Recognise a loss of two straight pieces, phi = max(l u, h u): it has an exact optimum, whatever its formula."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from gdcli.language.build import build, symbol
from gdcli.language.formula import Formula


def two_pieces(formula: Formula, labels: bool) -> tuple[Fraction, Fraction] | None:
    """(l, h), l <= 0 <= h, with phi = max(l u, h u) for every y, in u = p - y, or u = 1 - y p for `labels` -1 and 1.

    None where that is not seen, or for l = h. In exact arithmetic: at p = y + u and p = y - u with u > 0 every |u|,
    max, relu and case of such a formula gives way.
    """
    phi, p, y, u = build(formula), symbol("p"), symbol("y"), sp.Symbol("u", positive=True)
    lines = []
    for label in (sp.S.One, sp.S.NegativeOne) if labels else (y,):
        here = phi.subs(y, label)
        low, zero, high = (here.subs(p, label * (1 - s) if labels else y + s) for s in (-u, sp.S.Zero, u))
        lines.append((sp.expand(low) / -u, zero, sp.expand(high) / u))
    low, zero, high = lines[0]
    if len(set(lines)) > 1 or zero != 0 or not (low.is_Rational and high.is_Rational):
        return None
    return (Fraction(int(low.p), int(low.q)), Fraction(int(high.p), int(high.q))) if low <= 0 <= high != low else None
