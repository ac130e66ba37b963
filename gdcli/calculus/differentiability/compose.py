"""A function of one variable put around a model: its Taylor polynomial at P(0), the rest by Lagrange's bound.

|phi(a + t) - sum c_k t^k| <= sup |phi^(n+1)| |t|^(n+1)/(n+1)!, the supremum over |t| <= sup |u - a| by intervals.
"""

from __future__ import annotations

import math
from fractions import Fraction

import sympy

from gdcli.calculus.differentiability.enclosure import U, derivative, supremum
from gdcli.calculus.differentiability.magnitude import Magnitude
from gdcli.calculus.differentiability.model import Model, NoModelError, number
from gdcli.calculus.exact import sign_of

TAYLOR = 5
"""Degree of the Taylor polynomial: sin(u) - u + u^3/6 over u^4 still goes to 0."""


def compose(name: str, u: Model, d: int, radius: Fraction, *rest: sympy.Expr) -> Model:
    """phi(u) for a phi that is smooth around P(0). Raises NoModelError where that is not proven."""
    deviation = u.deviation()
    reach = None if deviation is None else deviation.supremum(radius)
    if deviation is None or reach is None:
        raise NoModelError(f"{name} of what is not bounded")
    value = derivative(name, 0, *rest).xreplace({U: u.constant})
    if not deviation.terms:
        return number(value, d)
    last = supremum(derivative(name, TAYLOR + 1, *rest), u.constant, reach) / math.factorial(TAYLOR + 1)
    step = Model({key: c for key, c in u.poly.items() if any(key)}, u.rest)
    result, power = number(value, d), step
    for k in range(1, TAYLOR + 1):
        slope = derivative(name, k, *rest).xreplace({U: u.constant}) / math.factorial(k)
        result = result + number(slope, d) * power
        power = power * step if k < TAYLOR else power
    tail = deviation.power(Fraction(TAYLOR + 1)) * Magnitude.of((0,) * d, last)
    assert result.rest is not None
    return Model(result.poly, result.rest + tail, sign_of(value) or 0 if name in POSITIVE else 0)


POSITIVE = frozenset({"exp", "cosh", "sigmoid", "softplus"})
"""Functions that are positive everywhere."""


def bounded(limit: Fraction, d: int, sign: int = 0) -> Model:
    """Something of absolute value at most `limit`."""
    return Model({}, Magnitude.of((0,) * d, limit), sign)
