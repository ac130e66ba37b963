"""The value of a formula at a point in exact numbers, and whether every piece of it is smooth there.

The walk goes over the formula as it was typed, so that x/x has no value at 0 and sqrt(x)^2 none at -1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatchmethod
from itertools import pairwise

import sympy

from gdcli.calculus.heads import HEADS
from gdcli.errors import DomainError
from gdcli.language import tree
from gdcli.language.functions import construct
from gdcli.language.text import text

DIGITS = 60
"""Decimal digits to which a constant is evaluated before its sign is believed."""


class NoValueError(DomainError):
    """The formula has no real, finite value at the point."""


class UndecidedError(DomainError):
    """A constant of the formula could be zero or not; no exact answer can be built on it."""


def sign_of(constant: sympy.Expr) -> int | None:
    """-1, 0 or 1; None where the constant is too near zero to tell and no identity proves it zero."""
    for proven, sign in ((constant.is_zero, 0), (constant.is_positive, 1), (constant.is_negative, -1)):
        if proven:
            return sign
    number = constant.evalf(DIGITS)
    if number.is_Float and number._prec > 1 and abs(number) > sympy.Float(10) ** (10 - DIGITS):
        return 1 if number > 0 else -1
    return 0 if constant.equals(0) else None


_OPERATORS: dict[str, Callable[[int], bool]] = {
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "==": lambda s: s == 0,
    "!=": lambda s: s != 0,
}


@dataclass
class Exact:
    """One evaluation at `point` (exact numbers by variable name); `smooth` turns False at the first kink or edge."""

    point: Mapping[str, sympy.Expr]
    smooth: bool = True

    @singledispatchmethod
    def value(self, node: tree.Node) -> sympy.Expr:
        """The value of a piece, the whole formula among them.

        Raises NoValueError, or UndecidedError where a sign cannot be proven.
        """
        raise TypeError(f"no value for {type(node).__name__}")

    @value.register
    def _(self, node: tree.Number) -> sympy.Expr:
        return sympy.Rational(node.value.numerator, node.value.denominator)

    @value.register
    def _(self, node: tree.Constant) -> sympy.Expr:
        return sympy.E if node.name == "e" else sympy.pi

    @value.register
    def _(self, node: tree.Variable) -> sympy.Expr:
        return self.point[node.name]

    @value.register
    def _(self, node: tree.Negate) -> sympy.Expr:
        return -self.value(node.operand)

    @value.register
    def _(self, node: tree.Sum) -> sympy.Expr:
        return sympy.Add(*map(self.value, node.terms))

    @value.register
    def _(self, node: tree.Product) -> sympy.Expr:
        return sympy.Mul(*map(self.value, node.factors))

    @value.register
    def _(self, node: tree.Quotient) -> sympy.Expr:
        numerator, denominator = self.value(node.numerator), self.value(node.denominator)
        if self._sign(denominator) == 0:
            raise NoValueError("a division by zero")
        return numerator / denominator

    @value.register
    def _(self, node: tree.Power) -> sympy.Expr:
        base, exponent = self.value(node.base), self.value(node.exponent)
        fixed = exponent.is_Integer and not _varies(node.exponent)
        sign = 1 if fixed and exponent >= 0 else self._sign(base)
        if sign == 0 and (fixed or self._sign(exponent) <= 0):
            raise NoValueError("a division by zero" if self._sign(exponent) < 0 else "0^0")
        self._require(fixed or sign > 0)
        return _real(base**exponent, f"({text(base)})^({text(exponent)}) is not real")

    @value.register
    def _(self, node: tree.Call) -> sympy.Expr:
        arguments = tuple(map(self.value, node.arguments))
        what = f"{node.name}({', '.join(map(text, arguments))})"
        try:
            built = construct(node.name, arguments)
        except DomainError as error:
            raise NoValueError(error.message, hint=error.hint) from None
        number = _real(built, f"{what} is not a real number")
        head = HEADS[node.name]
        self._require(all(sign_of(u) == 1 for u in head.positive(*arguments)))
        self._require(all(sign_of(u) in (1, -1) for u in head.nonzero(*arguments)))
        return number

    @value.register
    def _(self, node: tree.Piecewise) -> sympy.Expr:
        for branch, condition in zip(node.values, node.conditions, strict=True):
            if self.holds(condition):
                return self.value(branch)
        if node.otherwise is None:
            raise NoValueError("no branch of the piecewise holds")
        return self.value(node.otherwise)

    @singledispatchmethod
    def holds(self, condition: tree.Node) -> bool:
        """Whether a condition holds; one that is at its boundary is no longer smooth."""
        raise TypeError(f"no truth for {type(condition).__name__}")

    @holds.register
    def _(self, condition: tree.Truth) -> bool:
        return True

    @holds.register
    def _(self, condition: tree.Comparison) -> bool:
        values = list(map(self.value, condition.operands))
        signs = [self._sign(a - b) for a, b in pairwise(values)]
        self._require(0 not in signs)
        return all(_OPERATORS[name](sign) for name, sign in zip(condition.operators, signs, strict=True))

    @holds.register
    def _(self, condition: tree.Junction) -> bool:
        verdicts = [self._strictly(operand) for operand in condition.operands]
        # One operand that decides, and goes on to around the point, makes the others' boundaries harmless.
        if (condition.kind == "or", True) not in verdicts:
            self._require(all(strict for _, strict in verdicts))
        return (all if condition.kind == "and" else any)(truth for truth, _ in verdicts)

    @holds.register
    def _(self, condition: tree.Not) -> bool:
        return not self.holds(condition.operand)

    def _strictly(self, condition: tree.Node) -> tuple[bool, bool]:
        """Whether a condition holds, and whether it stays so around the point."""
        before, self.smooth = self.smooth, True
        verdict = self.holds(condition), self.smooth
        self.smooth = before
        return verdict

    def _require(self, smooth: bool) -> None:
        self.smooth = self.smooth and smooth

    def _sign(self, constant: sympy.Expr) -> int:
        sign = sign_of(constant)
        if sign is None:
            raise UndecidedError(f"cannot tell whether {text(constant)} is zero")
        return sign


def _varies(node: tree.Node) -> bool:
    return any(isinstance(piece, tree.Variable) for piece, _ in tree.walk(node))


def _real(number: sympy.Expr, complaint: str) -> sympy.Expr:
    """The number itself if it is real and finite."""
    if number.is_real is None:
        imaginary = sympy.im(number)
        if sign_of(imaginary) == 0:
            return sympy.re(number)
        raise NoValueError(complaint)
    if not number.is_real or number.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        raise NoValueError(complaint)
    return number
