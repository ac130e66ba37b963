"""The partial derivative at a point, from its definition: the limit of (f(x0 + h e_i) - f(x0)) / h from both sides.

Where every piece of the formula is smooth at x0, the derivative of the formula holds there and x0 is put into it.
Anywhere else (kinks, removable singularities, piecewise boundaries, domain edges) the two one-sided limits are taken
symbolically and held against quotients at h = 2^-16 ... 2^-1024 in mpmath numbers. What the two do not agree on is
undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import mpmath
import sympy

from gdcli.calculus.exact import Exact, NoValueError, UndecidedError, sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import raw_partials
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.onesided import NoLimitError, limit, resolve
from gdcli.language.text import text

Point = Mapping[str, sympy.Expr]

EXPONENTS = (16, 32, 64, 128, 256, 512, 1024)
"""h = 2^-k and 1.375 * 2^-k: two samples at each scale, so that no oscillation in 1/h hides between them."""
TOLERANCE = mpmath.mpf("0.01")
"""A quotient converging like 1/ln(1/h), the slowest in use, is this near its limit at the smallest h."""
INFINITE = (sympy.oo, -sympy.oo)


@dataclass(frozen=True)
class Side:
    """The limit of the quotient on one side: `value` is a number, plus or minus infinity, or None.

    `kind` says why there is none: "undefined" (f is not defined on that side) or "undecided".
    """

    kind: Literal["value", "infinite", "undefined", "undecided"]
    value: sympy.Expr | None = None
    jump: bool = False


@dataclass(frozen=True)
class Slope:
    """A partial derivative at a point: its value, or why there is none ("none", "infinite", "undecided").

    `left` and `right` are the one-sided limits, None where the formula is smooth and none were needed.
    """

    kind: Literal["value", "infinite", "none", "undecided"]
    value: sympy.Expr | None = None
    left: Side | None = None
    right: Side | None = None


@dataclass(frozen=True)
class Local:
    """f at a point: its value, its partials in the order asked for, and whether every piece is smooth there."""

    value: sympy.Expr
    slopes: tuple[Slope, ...]
    smooth: bool


def local(function: Function, point: Point, variables: Sequence[sympy.Symbol] | None = None) -> Local:
    """Value and partials of f at `point` (exact numbers by variable name).

    Raises NoValueError where f is not defined at the point, UndecidedError where no exact value can be built.
    """
    wanted = function.variables if variables is None else tuple(variables)
    exact = Exact(point)
    try:
        value = exact.value(function.tree)
    except (NoValueError, UndecidedError) as error:
        place = ", ".join(f"{name} = {text(number)}" for name, number in point.items())
        what = "f is not defined" if isinstance(error, NoValueError) else "the value of f is not decided"
        raise type(error)(
            f"{what} at {place}: {error.message}", hint="choose a point inside the domain of f"
        ) from error
    if exact.smooth:
        return Local(value, _substituted(function, point, wanted), True)
    return Local(value, tuple(_from_quotients(function, point, value, variable) for variable in wanted), False)


def _substituted(function: Function, point: Point, wanted: Sequence[sympy.Symbol]) -> tuple[Slope, ...]:
    place = {variable: point[variable.name] for variable in function.variables}
    numbers = [partial.xreplace(place) for partial in raw_partials(function.expr, wanted)]
    for number in numbers:
        if number.has(sympy.nan, sympy.zoo, *INFINITE):
            raise NoValueError("the derivative of the formula cannot be evaluated at the point")
    return tuple(Slope("value", number) for number in numbers)


def _from_quotients(function: Function, point: Point, value: sympy.Expr, variable: sympy.Symbol) -> Slope:
    if not function.expr.has(variable) and not function.tree_holds(variable.name):
        return Slope("value", sympy.S.Zero)
    right = one_sided(function, point, value, variable, 1)
    left = one_sided(function, point, value, variable, -1)
    return verdict(left, right)


def verdict(left: Side, right: Side) -> Slope:
    """The two-sided limit that two one-sided ones make."""
    kinds = {left.kind, right.kind}
    if "undecided" in kinds:
        return Slope("undecided", None, left, right)
    if kinds == {"value"} and left.value is not None and right.value is not None:
        difference = sign_of(left.value - right.value)
        if difference is None:
            return Slope("undecided", None, left, right)
        return Slope("none", None, left, right) if difference else Slope("value", right.value, left, right)
    if kinds == {"infinite"} and left.value == right.value and not (left.jump or right.jump):
        return Slope("infinite", right.value, left, right)
    return Slope("none", None, left, right)


def one_sided(function: Function, point: Point, value: sympy.Expr, variable: sympy.Symbol, side: int) -> Side:
    """The limit of the difference quotient for h -> 0 with the sign of `side`, symbolic and numerically confirmed."""
    samples = _quotients(function, point, value, variable, side)
    if all(sample is None for sample in samples):
        return Side("undefined")
    if any(sample is None for sample in samples):
        return Side("undecided")
    h = sympy.Dummy("h", positive=True)
    place = {v: point[v.name] + (side * h if v == variable else 0) for v in function.variables}
    try:
        near = resolve(function.expr.xreplace(place), h)
        found = limit((near - value) / (side * h), h)
        jump = found in INFINITE and limit(near - value, h) != 0
    except NoLimitError:
        return Side("undecided")
    if not _confirmed(found, samples):
        return Side("undecided")
    return Side("infinite" if found in INFINITE else "value", found, jump)


def goes_to(
    function: Function, point: Point, value: sympy.Expr, variable: sympy.Symbol, side: int, claimed: sympy.Expr
) -> bool:
    """Whether the quotients on one side are seen to go to a limit that was found in another way."""
    samples = _quotients(function, point, value, variable, side)
    return None not in samples and _confirmed(claimed, samples)


def goes_fast_to(
    function: Function, point: Point, value: sympy.Expr, variable: sympy.Symbol, side: int, claimed: sympy.Expr
) -> bool:
    """The same for a smooth f, whose quotients are within |f''| h of their limit: in 150 digits of it."""
    *_, last = _quotients(function, point, value, variable, side)
    with mpmath.workprec(3 * EXPONENTS[-1]):
        target = to_mpf(claimed)
        return last is not None and bool(abs(last - target) <= mpmath.ldexp(1 + abs(target), -EXPONENTS[-1] // 2))


def _quotients(function: Function, point: Point, value: sympy.Expr, variable: sympy.Symbol, side: int) -> list[Any]:
    """The quotients at h = side 2^-k and side 1.375 2^-k; None where f is not defined."""
    numeric = Numeric(function.tree)
    with mpmath.workprec(3 * EXPONENTS[-1]):
        base = {name: to_mpf(number) for name, number in point.items()}
        start = to_mpf(value)
        quotients = []
        for k in EXPONENTS:
            for scale in (mpmath.mpf(1), mpmath.mpf("1.375")):
                h = side * mpmath.ldexp(scale, -k)
                end = numeric.at({**base, variable.name: base[variable.name] + h})
                quotients.append(None if end is None else (end - start) / h)
    return quotients


def to_mpf(number: sympy.Expr) -> Any:
    """An exact real number in mpmath's working precision."""
    return mpmath.mpf(number.evalf(mpmath.mp.dps + 5)._to_mpmath(mpmath.mp.prec + 10))


def _confirmed(found: sympy.Expr, samples: Sequence[Any]) -> bool:
    """Whether the quotients go where the symbolic limit says."""
    first, last = samples[:2], samples[-2:]
    if found in INFINITE:
        direction = 1 if found == sympy.oo else -1
        growing = min(direction * q for q in last) > 2 * max(abs(q) for q in first)
        return growing and all(direction * q > 0 for q in last)
    with mpmath.workprec(3 * EXPONENTS[-1]):
        target = to_mpf(found)
        errors = [max(abs(q - target) for q in pair) for pair in (first, last)]
        rounding = mpmath.ldexp(1 + abs(target), -EXPONENTS[-1])
    return bool(errors[1] <= rounding or (errors[1] <= TOLERANCE * (1 + abs(target)) and errors[1] <= errors[0] / 2))
