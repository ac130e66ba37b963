"""One difference quotient: cancelled and taken to its limit by identities, and what to say where they do not reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mpmath
import sympy

from gdcli.calculus.agreement import DisagreementError
from gdcli.calculus.definition import to_mpf
from gdcli.calculus.difference.classic import Used
from gdcli.calculus.difference.quotient import Slopes, UnresolvedError
from gdcli.calculus.tidy import expanded, is_small, tidy

LETTERS = ("h", "k", "l", "m", "n", "s", "t", "q", "r")
BY_CANCELLING = "h is cancelled, so put h = 0"
BY_CLASSICS = "h is cancelled, so put h = 0 and the classic limits"
DIGITS = 60
SIZES = (sympy.Rational(1, 700), sympy.Rational(-1, 900), sympy.Rational(1, 11000))


@dataclass(frozen=True)
class Cancelled:
    """The quotient without h below it, its limit, and what it took."""

    quotient: sympy.Expr
    limit: sympy.Expr
    used: Used

    @property
    def how(self) -> str:
        """The reason for the limit."""
        return BY_CLASSICS if self.used.within(self.quotient) else BY_CANCELLING


def free_letters(names: Sequence[str]) -> tuple[str, ...]:
    """Letters for h and further increments that no variable bears."""
    free = tuple(letter for letter in LETTERS if letter not in names)
    return free if len(free) > 1 else tuple(f"{letter}_0" for letter in LETTERS)


def cancelled(g: sympy.Expr, h: sympy.Symbol, letters: tuple[str, ...], value: sympy.Expr) -> Cancelled | None:
    """(g(h) - g(0))/h without the h below, where identities reach; None elsewhere, or where g(0) is not `value`.

    Raises DisagreementError where the cancelled quotient is not the quotient.
    """
    used = Used(h, letters)
    try:
        found = Slopes(h, used).of(g)
    except UnresolvedError:
        return None
    limit = found.slope.xreplace(used.limits()).xreplace({h: sympy.S.Zero})
    if limit.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I) or not _same(found.start, value):
        return None
    _check(found.slope.xreplace(used.quotients()), (g - value) / h, h)
    return Cancelled(found.slope, tidy(limit) if is_small([limit]) else limit, used)


def _same(start: sympy.Expr, value: sympy.Expr) -> bool:
    return bool(start == value or expanded(start - value) == 0 or (start - value).equals(0))


def _check(slope: sympy.Expr, quotient: sympy.Expr, h: sympy.Symbol) -> None:
    """Both forms of the quotient in 60 digits, at small h and a few places of the other variables."""
    others = sorted(quotient.free_symbols - {h}, key=str)
    for turn, size in enumerate(SIZES):
        place = {v: sympy.Rational(7 + 3 * k + 5 * turn, 10 + turn) for k, v in enumerate(others)}
        a, b = (expr.subs({**place, h: size}).evalf(DIGITS) for expr in (slope, quotient))
        # Places outside the domain of f say nothing.
        if not (a.is_Float or a.is_Rational) or not (b.is_Float or b.is_Rational):
            continue
        with mpmath.workdps(DIGITS):
            if abs(to_mpf(a) - to_mpf(b)) > mpmath.mpf(10) ** (20 - DIGITS) * (1 + abs(to_mpf(b))):
                raise DisagreementError(f"the cancelled quotient is {a}, the quotient itself {b}")
