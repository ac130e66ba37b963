"""For each function of the language: how to evaluate it to any precision, and where it is smooth.

`numeric` takes and returns real mpmath numbers and raises ValueError outside the real domain (a complex value is
caught by the caller). `positive` and `nonzero` are what the arguments must satisfy, strictly, for the function to be
infinitely differentiable around them; nothing is required where neither stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

Conditions = Callable[..., Sequence[sympy.Expr]]


def _nothing(*arguments: sympy.Expr) -> Sequence[sympy.Expr]:
    return ()


@dataclass(frozen=True)
class Head:
    """One function: its value at mpmath numbers, and the conditions under which it is smooth."""

    numeric: Callable[..., Any]
    positive: Conditions = _nothing
    nonzero: Conditions = _nothing


def _odd_root(u: Any, n: Any) -> Any:
    return mpmath.sign(u) * mpmath.root(abs(u), int(n))


def _root(u: Any, n: Any) -> Any:
    return _odd_root(u, n) if int(n) % 2 else mpmath.root(u, int(n))


def _log_sum_exp(*u: Any) -> Any:
    top = max(u)
    return top + mpmath.log(mpmath.fsum(mpmath.exp(v - top) for v in u))


def _softplus(u: Any) -> Any:
    return max(u, mpmath.mpf(0)) + mpmath.log1p(mpmath.exp(-abs(u)))


def _dot(*u: Any) -> Any:
    half = len(u) // 2
    return mpmath.fdot(u[:half], u[half:])


def _atan2(y: Any, x: Any) -> Any:
    if x == 0 and y == 0:
        raise ValueError("atan2(0, 0)")
    return mpmath.atan2(y, x)


def _acot(u: Any) -> Any:
    return mpmath.pi / 2 if u == 0 else mpmath.atan(1 / u)


def _gaps(arguments: Sequence[sympy.Expr], largest: bool) -> Sequence[sympy.Expr]:
    """What must be positive for one argument to win max (or min) alone."""
    best = (sympy.Max if largest else sympy.Min)(*arguments)
    others = list(arguments)
    if best in others:
        others.remove(best)
    return [best - u if largest else u - best for u in others]


def _inside(u: sympy.Expr) -> Sequence[sympy.Expr]:
    return (1 - u, 1 + u)


def _outside(u: sympy.Expr) -> Sequence[sympy.Expr]:
    return (u**2 - 1,)


def _itself(u: sympy.Expr, *rest: sympy.Expr) -> Sequence[sympy.Expr]:
    return (u,)


def _off_poles(u: sympy.Expr) -> Sequence[sympy.Expr]:
    """Gamma and its kin have their poles at 0, -1, -2, ..."""
    return (sympy.Abs(sympy.sin(sympy.pi * u)) + sympy.Max(u, 0),)


HEADS: dict[str, Head] = {
    "sin": Head(mpmath.sin),
    "cos": Head(mpmath.cos),
    "tan": Head(mpmath.tan, nonzero=lambda u: (sympy.cos(u),)),
    "cot": Head(mpmath.cot, nonzero=lambda u: (sympy.sin(u),)),
    "sec": Head(mpmath.sec, nonzero=lambda u: (sympy.cos(u),)),
    "csc": Head(mpmath.csc, nonzero=lambda u: (sympy.sin(u),)),
    "asin": Head(mpmath.asin, positive=_inside),
    "acos": Head(mpmath.acos, positive=_inside),
    "atan": Head(mpmath.atan),
    "acot": Head(_acot, nonzero=_itself),
    "asec": Head(lambda u: mpmath.acos(1 / u), positive=_outside),
    "acsc": Head(lambda u: mpmath.asin(1 / u), positive=_outside),
    "sinh": Head(mpmath.sinh),
    "cosh": Head(mpmath.cosh),
    "tanh": Head(mpmath.tanh),
    "coth": Head(mpmath.coth, nonzero=_itself),
    "sech": Head(mpmath.sech),
    "csch": Head(mpmath.csch, nonzero=_itself),
    "asinh": Head(mpmath.asinh),
    "acosh": Head(mpmath.acosh, positive=lambda u: (u - 1,)),
    "atanh": Head(mpmath.atanh, positive=_inside),
    "acoth": Head(lambda u: mpmath.atanh(1 / u), positive=_outside),
    "asech": Head(lambda u: mpmath.acosh(1 / u), positive=lambda u: (u, 1 - u)),
    "acsch": Head(lambda u: mpmath.asinh(1 / u), nonzero=_itself),
    "atan2": Head(_atan2, positive=lambda y, x: (sympy.sqrt(x**2 + y**2) + x,)),
    "exp": Head(mpmath.exp),
    "log": Head(mpmath.log, positive=lambda *u: u, nonzero=lambda u, *base: [b - 1 for b in base]),
    "log2": Head(lambda u: mpmath.log(u, 2), positive=_itself),
    "log10": Head(mpmath.log10, positive=_itself),
    "sqrt": Head(mpmath.sqrt, positive=_itself),
    "cbrt": Head(lambda u: _odd_root(u, 3), nonzero=_itself),
    "root": Head(
        _root,
        positive=lambda u, n: () if n.is_odd else (u,),
        nonzero=lambda u, n: (u,) if n.is_odd else (),
    ),
    "abs": Head(abs, nonzero=_itself),
    "sign": Head(mpmath.sign, nonzero=_itself),
    "min": Head(lambda *u: min(u), positive=lambda *u: _gaps(u, largest=False)),
    "max": Head(lambda *u: max(u), positive=lambda *u: _gaps(u, largest=True)),
    "relu": Head(lambda u: max(u, mpmath.mpf(0)), nonzero=_itself),
    "sigmoid": Head(lambda u: 1 / (1 + mpmath.exp(-u))),
    "softplus": Head(_softplus),
    "logsumexp": Head(_log_sum_exp),
    "erf": Head(mpmath.erf),
    "Gamma": Head(mpmath.gamma, positive=_off_poles),
    "polygamma": Head(lambda n, u: mpmath.psi(int(n), u), positive=lambda n, u: _off_poles(u)),
    "dot": Head(_dot),
    "norm": Head(
        lambda *u: mpmath.sqrt(mpmath.fsum(v**2 for v in u)),
        positive=lambda *u: (sympy.Add(*(v**2 for v in u)),),
    ),
}
"""Every function of the table but those with a syntax of their own: sum, prod and piecewise."""
