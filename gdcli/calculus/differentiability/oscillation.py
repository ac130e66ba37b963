"""Limits that do not exist because a sine runs through all its values: u(t) = F(t, sin w, cos w) with w -> infinity.

w is continuous, so for each phase there are t_n -> 0 with w(t_n) = phase + 2 pi n. Along them sin w and cos w are
constants. Two phases with different limits of u prove that u has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import sympy

from gdcli.calculus.exact import sign_of
from gdcli.calculus.onesided import NoLimitError, limit, resolve

PHASES = (sympy.S.Zero, sympy.pi / 2, sympy.pi, 3 * sympy.pi / 2)
INFINITE = (sympy.oo, -sympy.oo)


@dataclass(frozen=True)
class Oscillation:
    """Along angle = first phase + 2 pi n the limit is `first[1]`, along the second `second[1]`."""

    angle: sympy.Expr
    first: tuple[sympy.Expr, sympy.Expr]
    second: tuple[sympy.Expr, sympy.Expr]


def oscillation(expr: sympy.Expr, t: sympy.Symbol) -> Oscillation | None:
    """Two phases along which `expr` has different limits for t -> 0+; None where none are found."""
    waves = _waves(expr, t)
    if not waves:
        return None
    angle = min((wave.args[0] for wave in waves), key=sympy.count_ops)
    ratios = {wave: sympy.cancel(wave.args[0] / angle) for wave in waves}
    if not all(ratio.is_Integer for ratio in ratios.values()):
        return None
    limits = []
    for phase in PHASES:
        at = {wave: wave.func(ratio * phase) for wave, ratio in ratios.items()}
        found = _limit(expr, at, t)
        if found is not None:
            limits.append((phase, found))
    for first, second in combinations(limits, 2):
        if _differ(first[1], second[1]):
            return Oscillation(angle, first, second)
    return None


def _waves(expr: sympy.Expr, t: sympy.Symbol) -> list[sympy.Expr]:
    """The sines and cosines whose argument goes to infinity."""
    return [wave for wave in expr.atoms(sympy.sin, sympy.cos) if wave.has(t) and _diverges(wave.args[0], t)]


def _diverges(angle: sympy.Expr, t: sympy.Symbol) -> bool:
    try:
        return limit(resolve(angle, t), t) in INFINITE
    except NoLimitError:
        return False


def _limit(expr: sympy.Expr, at: Mapping[sympy.Expr, sympy.Expr], t: sympy.Symbol) -> sympy.Expr | None:
    try:
        return limit(resolve(expr.xreplace(at), t), t)
    except NoLimitError:
        return None


def _differ(a: sympy.Expr, b: sympy.Expr) -> bool:
    if a in INFINITE or b in INFINITE:
        return bool(a != b)
    return sign_of(a - b) in (1, -1)
