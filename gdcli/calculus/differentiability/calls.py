"""The model of each function of the language at models of its arguments."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import sympy

from gdcli.calculus.differentiability.compose import bounded, compose
from gdcli.calculus.differentiability.division import divide
from gdcli.calculus.differentiability.floor import Floor
from gdcli.calculus.differentiability.lowest import floor_of
from gdcli.calculus.differentiability.magnitude import Magnitude
from gdcli.calculus.differentiability.model import (
    Model,
    NoModelError,
    absolute,
    known_sign,
    number,
)
from gdcli.calculus.differentiability.roots import odd_root, rational_power
from gdcli.calculus.differentiability.rounding import up
from gdcli.calculus.exact import sign_of
from gdcli.calculus.heads import HEADS

HALF = Fraction(1, 2)
HALF_PI = Fraction(355, 226)
"""Above pi/2 by 1.4e-7."""
BOUNDS: Mapping[str, Fraction] = {
    "sin": Fraction(1),
    "cos": Fraction(1),
    "tanh": Fraction(1),
    "erf": Fraction(1),
    "sign": Fraction(1),
    "sigmoid": Fraction(1),
    "sech": Fraction(1),
    "atan": HALF_PI,
}
"""Functions that are defined and bounded everywhere."""
FLAT = 2
"""exp(-1/|u|) is given as O(||h||^p) with p at least this, though every p would do."""
SMALL_POWER = Fraction(1, 4)
"""|ln u| <= u^-s/(e s) + u^s/(e s) for every s > 0; this s leaves most of the order."""


def call(name: str, arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    """name(arguments). Raises NoModelError where no rule proves a bound."""
    special = SPECIAL.get(name)
    if special is not None:
        return special(arguments, d, radius)
    (u, *rest) = arguments
    try:
        return _smooth(name, u, [model.constant for model in rest], d, radius)
    except NoModelError:
        if name not in BOUNDS:
            raise
        return bounded(
            BOUNDS[name], d, u.sign if name in ("sign", "tanh", "atan", "erf") else int(name in ("sigmoid", "sech"))
        )


def _smooth(name: str, u: Model, rest: Sequence[sympy.Expr], d: int, radius: Fraction) -> Model:
    if u.rest is None or u.rest.order <= 0:
        raise NoModelError(f"{name} of what does not converge")
    head, a = HEADS[name], u.constant
    edges = [sign_of(c) == 1 for c in head.positive(a, *rest)]
    kinks = [sign_of(c) in (1, -1) for c in head.nonzero(a, *rest)]
    if not all((*edges, *kinks)):
        raise NoModelError(f"{name} is not smooth there")
    return compose(name, u, d, radius, *rest)


def _abs(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    (u,) = arguments
    if u.sign or known_sign(u, radius):
        return absolute(u, radius)
    try:
        floor: Floor | None = floor_of(u, d, radius)
    except NoModelError:
        floor = None
    result = absolute(u, radius)
    return result if floor is None else replace(result, floor=replace(floor, sign=1))


def _relu(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    return _max([*arguments, number(sympy.S.Zero, d)], d, radius)


def _max(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    """u_1 + E with |E| <= sum |u_i - u_1| over the arguments that can be the largest.

    Where every u_i <= 0, the largest is no further from 0 than any of them.
    """
    bounds = [bound for u in arguments if u.sign == -1 and (bound := u.bound()) is not None]
    if len(bounds) == len(arguments):
        return Model({}, max(bounds, key=lambda bound: bound.order), -1)
    best = arguments[0]
    for u in arguments[1:]:
        gap = sign_of(u.constant - best.constant)
        if gap is None:
            raise NoModelError("cannot tell which argument is the largest")
        best = u if gap > 0 else best
    differences = [u + -best for u in arguments if u is not best]
    near = [u for u in differences if u.sign != -1 and known_sign(u, radius) != -1]
    rest, positive = best.rest, any(u.sign == 1 for u in arguments)
    for u in near:
        bound = u.bound()
        rest = None if bound is None or rest is None else rest + bound
    return Model(best.poly, rest, 1 if positive else 0)


def _min(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    return -_max([-u for u in arguments], d, radius)


def _sign(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    (u,) = arguments
    known = known_sign(u, radius)
    return number(sympy.Integer(known), d) if known else bounded(Fraction(1), d, u.sign)


def _sqrt(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    (u,) = arguments
    if known_sign(u, radius) == 1:
        return compose("sqrt", u, d, radius)
    return rational_power(u, HALF, d, radius)


def _odd(arguments: Sequence[Model], n: int, d: int, radius: Fraction) -> Model:
    (u, *_) = arguments
    sign = known_sign(u, radius)
    if not sign:
        return odd_root(u, n, d, radius)
    root = compose("power", u if sign > 0 else -u, d, radius, sympy.Rational(1, n))
    return root if sign > 0 else -root


def _root(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    u, order = arguments
    n = int(order.constant)
    if n % 2:
        return _odd([u], n, d, radius)
    if known_sign(u, radius) == 1:
        return compose("power", u, d, radius, sympy.Rational(1, n))
    return rational_power(u, Fraction(1, n), d, radius)


def _norm(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    squares = replace(_dot([*arguments, *arguments], d, radius), sign=1)
    return _sqrt([squares], d, radius)


def _dot(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    half = len(arguments) // 2
    first, *others = [a * b for a, b in zip(arguments[:half], arguments[half:], strict=True)]
    for other in others:
        first = first + other
    return first


def _logsumexp(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    first, *others = [compose("exp", u, d, radius) for u in arguments]
    for other in others:
        first = first + other
    return compose("log", first, d, radius)


def _exp(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    """exp; of what goes to minus infinity, exp(-v) <= n!/v^n."""
    (u,) = arguments
    try:
        return _smooth("exp", u, [], d, radius)
    except NoModelError:
        if u.sign != -1:
            raise
    if u.inverse is None or not 0 < u.inverse.order < math.inf:
        return bounded(Fraction(1), d, 1)
    n = math.ceil(FLAT / u.inverse.order)
    factor = Magnitude.of((0,) * d, math.factorial(n))
    return Model({}, factor * u.inverse.power(Fraction(n)), 1)


def _log(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    u, *base = arguments
    try:
        return _smooth("log", u, [model.constant for model in base], d, radius)
    except NoModelError:
        if base:
            raise
    floor, bound = floor_of(u, d, radius), u.bound()
    if not (floor.positive and (floor.sign == 1 or u.sign == 1)) or bound is None:
        raise NoModelError("a logarithm of what may not be positive")
    # 1/(e s) < 368/(1000 s).
    factor = up(Fraction(368, 1000) / SMALL_POWER)
    low = floor.raised(SMALL_POWER, 1).divide(Magnitude.of((0,) * d, factor))
    return Model({}, low + Magnitude.of((0,) * d, factor) * bound.power(SMALL_POWER))


def _scaled_log(base: int) -> Callable[[Sequence[Model], int, Fraction], Model]:
    def rule(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
        return _log(arguments, d, radius) * number(1 / sympy.log(base), d)

    return rule


def _atan2(arguments: Sequence[Model], d: int, radius: Fraction) -> Model:
    """atan(y/x) for x > 0, +-pi/2 - atan(x/y) for y != 0; elsewhere no more than pi in absolute value."""
    y, x = arguments
    if known_sign(x, radius) == 1:
        return call("atan", [divide(y, x, d, radius)], d, radius)
    side = known_sign(y, radius)
    if side:
        quarter = number(side * sympy.pi / 2, d)
        return quarter + -call("atan", [divide(x, y, d, radius)], d, radius)
    if not floor_of(y * y + x * x, d, radius).positive:
        raise NoModelError("atan2 where both arguments may vanish")
    return bounded(2 * HALF_PI, d, y.sign)


Rule = Callable[[Sequence[Model], int, Fraction], Model]
SPECIAL: Mapping[str, Rule] = {
    "abs": _abs,
    "relu": _relu,
    "max": _max,
    "min": _min,
    "sign": _sign,
    "sqrt": _sqrt,
    "cbrt": lambda arguments, d, radius: _odd(arguments, 3, d, radius),
    "root": _root,
    "norm": _norm,
    "dot": _dot,
    "logsumexp": _logsumexp,
    "exp": _exp,
    "log": _log,
    "log2": _scaled_log(2),
    "log10": _scaled_log(10),
    "atan2": _atan2,
}
"""The functions with a rule of their own; the others are smooth, or bounded."""
