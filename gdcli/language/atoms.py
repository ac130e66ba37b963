"""Functions that stay finite where their textbook forms overflow, with derivatives of their own.

softplus(u) = log(1 + exp(u)), sigmoid(u) = 1/(1 + exp(-u)), relu(u) = max(u, 0),
logsumexp(u, v, ...) = log(exp(u) + exp(v) + ...), oddroot(u, n) = the real n-th root for odd n.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy
from sympy.core.function import ArgumentIndexError
from sympy.core.sorting import default_sort_key


# Without type information in sympy its classes are Any to the type checker.
class _Real(sympy.Function):  # type: ignore[misc]
    """A real function of real arguments: `_simple` its special values, `_slope` its partials, `_value` in mpmath."""

    is_real = True
    is_finite = True

    @classmethod
    def eval(cls, *u: Any) -> Any:
        """The value where it has a simpler form, else None."""
        return sympy.nan if sympy.nan in u else cls._simple(*u)

    def fdiff(self, argindex: int = 1) -> Any:
        """The partial derivative in argument `argindex`, counted from 1."""
        if not 1 <= argindex <= len(self.args):
            raise ArgumentIndexError(self, argindex)
        return self._slope(argindex)

    def _eval_evalf(self, prec: int) -> Any:
        # Ten guard bits cover the few roundings of _value.
        values = [argument._eval_evalf(prec + 10) for argument in self.args]
        if not all(value is not None and (value.is_Float or value.is_Rational) for value in values):
            return None
        with mpmath.workprec(prec + 10):
            result = self._value(*(mpmath.mpf(v._to_mpmath(prec + 10)) for v in values))
            return sympy.Float._new(result._mpf_, prec)


# The classes carry the names of the language, as sympy's own functions do.
class softplus(_Real):  # noqa: N801
    """log(1 + exp(u)); its derivative is sigmoid(u)."""

    nargs = 1
    is_positive = True

    @staticmethod
    def _simple(u: Any) -> Any:
        return sympy.log(2) if _vanishes(u) else {sympy.oo: sympy.oo, -sympy.oo: sympy.S.Zero}.get(u)

    def _slope(self, argindex: int) -> Any:
        return sigmoid(self.args[0])

    @staticmethod
    def _value(u: Any) -> Any:
        return max(u, 0) + mpmath.log1p(mpmath.exp(-abs(u)))


class sigmoid(_Real):  # noqa: N801
    """1/(1 + exp(-u)); its derivative is s (1 - s)."""

    nargs = 1
    is_positive = True

    @staticmethod
    def _simple(u: Any) -> Any:
        return sympy.S.Half if _vanishes(u) else {sympy.oo: sympy.S.One, -sympy.oo: sympy.S.Zero}.get(u)

    def _slope(self, argindex: int) -> Any:
        return self * (1 - self)

    @staticmethod
    def _value(u: Any) -> Any:
        small = mpmath.exp(-abs(u))
        return (1 if u >= 0 else small) / (1 + small)


class relu(_Real):  # noqa: N801
    """max(u, 0); its derivative is 1 where u > 0, else 0 (at 0 the subgradient of least norm)."""

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def _simple(u: Any) -> Any:
        return u if u.is_nonnegative else sympy.S.Zero if u.is_nonpositive else None

    def _slope(self, argindex: int) -> Any:
        return sympy.Piecewise((1, self.args[0] > 0), (0, True))

    @staticmethod
    def _value(u: Any) -> Any:
        return max(u, mpmath.mpf(0))


class logsumexp(_Real):  # noqa: N801
    """log(sum exp(u_i)); its derivative with respect to u_i is exp(u_i - logsumexp(u))."""

    @classmethod
    def _simple(cls, *u: Any) -> Any:
        if len(u) == 1:
            return u[0]
        ordered = sorted(u, key=default_sort_key)
        return None if list(u) == ordered else cls(*ordered)

    def _slope(self, argindex: int) -> Any:
        return sympy.exp(self.args[argindex - 1] - self)

    @staticmethod
    def _value(*u: Any) -> Any:
        top = max(u)
        return top + mpmath.log(mpmath.fsum(mpmath.exp(v - top) for v in u))


class oddroot(_Real):  # noqa: N801
    """The real n-th root for odd n, also of negative numbers; its derivative is 1/(n root^(n-1))."""

    nargs = 2

    @staticmethod
    def _simple(u: Any, n: Any) -> Any:
        if u.is_nonnegative:
            return u ** (1 / n)
        return -((-u) ** (1 / n)) if u.is_nonpositive else None

    def _slope(self, argindex: int) -> Any:
        if argindex == 2:
            raise ArgumentIndexError(self, argindex)
        return 1 / (self.args[1] * self ** (self.args[1] - 1))

    @staticmethod
    def _value(u: Any, n: Any) -> Any:
        return mpmath.sign(u) * mpmath.root(abs(u), int(n))


def _vanishes(u: Any) -> bool:
    # is_zero of a sum of variables costs more than all the rest, and never knows.
    return bool(u.is_number and u.is_zero)
