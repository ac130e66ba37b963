"""Syntax tree to sympy, gated: every number is checked before sympy sees it, every constant must be real and finite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NoReturn

import sympy

from gdcli.errors import DomainError, FormulaError
from gdcli.escape import visible
from gdcli.language.bounds import BITS, INTEGER_EXPONENT, LIMIT_HINT, too_many_bits
from gdcli.language.formula import Formula
from gdcli.language.functions import BY_NAME, construct
from gdcli.language.recognise import recognised
from gdcli.language.recursion import deep
from gdcli.language.series import expand
from gdcli.language.tree import (
    Call,
    Comparison,
    Condition,
    Constant,
    Junction,
    Negate,
    Node,
    Not,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)

_RELATIONS = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne}


def symbol(name: str) -> sympy.Symbol:
    """The real symbol of a variable."""
    return sympy.Symbol(name, real=True)


def build(formula: Formula) -> sympy.Expr:
    """The expression a formula means.

    log(1 + exp(u)) and 1/(1 + exp(-u)) become softplus(u) and sigmoid(u); the formula's notes say so. Raises
    FormulaError where a number passes the bounds, DomainError where a constant has no real, finite value.
    """
    with deep():
        return _Builder(formula.source).number(expand(formula.tree, formula.source))


def build_point(point: Mapping[str, Formula]) -> dict[sympy.Symbol, sympy.Expr]:
    """The exact coordinates of a point; the errors of `build`."""
    return {symbol(name): build(formula) for name, formula in point.items()}


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source

    def number(self, node: Node) -> Any:
        """The node as a sympy expression, checked if it is a constant."""
        match node:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Variable(name=name):
                return symbol(name)
            case Constant(name=name):
                return sympy.E if name == "e" else sympy.pi
        stable = recognised(node)
        expr = self._combined(node if stable is None else stable)
        if not expr.is_Symbol and not expr.is_Rational:
            self._check(node, expr)
        elif expr.is_Rational and too_many_bits(Fraction(int(expr.p), int(expr.q))):
            self._too_large(node)
        return expr

    def _combined(self, node: Node) -> Any:
        match node:
            case Negate(operand=operand):
                return -self.number(operand)
            case Sum(terms=terms):
                return self._sum(node, [self.number(term) for term in terms])
            case Product(factors=factors):
                return self._product(node, [self.number(factor) for factor in factors])
            case Quotient(numerator=a, denominator=b):
                divisor = self.number(b)
                self._check_divisor(node, divisor)
                return self._product(node, [self.number(a), 1 / divisor])
            case Power(base=base, exponent=exponent):
                return self._power(node, self.number(base), self.number(exponent))
            case Call(name=name, arguments=arguments):
                return self._call(node, name, tuple(map(self.number, arguments)))
            case Piecewise():
                return self._piecewise(node)
        raise AssertionError(f"no rule builds {type(node).__name__}")

    def _sum(self, node: Node, terms: list[Any]) -> Any:
        total = Fraction(0)
        for value in _rationals(terms):
            total += value
            if too_many_bits(total):
                self._too_large(node)
        return sympy.Add(*terms)

    def _product(self, node: Node, factors: list[Any]) -> Any:
        total = Fraction(1)
        for value in _rationals(factors):
            total *= value
            if too_many_bits(total):
                self._too_large(node)
        return sympy.Mul(*factors)

    def _power(self, node: Node, base: Any, exponent: Any) -> Any:
        if exponent.is_Rational and max(abs(exponent.p), exponent.q) > INTEGER_EXPONENT and base is not sympy.E:
            self._fail(f"an exponent beyond {INTEGER_EXPONENT}", node, LIMIT_HINT)
        if exponent.p < 0 if exponent.is_Rational else exponent.is_negative:
            self._check_divisor(node, base)
        size, factor = _approximate(base), _approximate(exponent)
        if size is not None and factor is not None and size != 0:
            if abs(factor * sympy.log(abs(size), 2).evalf(10)) > BITS:
                self._too_large(node)
            if size < 0 and not exponent.is_Integer:
                self._undefined(
                    node, "is a fractional power of a negative number", "odd roots are cbrt(x) and root(x, n)"
                )
        if size is not None and size <= 0 and factor is None:
            remedy = "a variable exponent needs a positive base: 2^x, e^x"
            kind = "0" if size == 0 else "a negative number"
            self._undefined(node, f"is {kind} to a variable power", remedy)
        return base**exponent

    def _check_divisor(self, node: Node, divisor: Any) -> None:
        if divisor.is_zero:
            self._undefined(node, "divides by zero")
        size = _approximate(divisor)
        # A Float of one bit is all that is left where every digit cancelled.
        if size is not None and size.is_Float and size._prec == 1:
            self._undefined(node, "divides by a number that cannot be told from zero")

    def _call(self, node: Node, name: str, arguments: tuple[Any, ...]) -> Any:
        limit = BY_NAME[name].limit
        for argument in arguments if limit is not None else ():
            size = _approximate(argument)
            if size is not None and abs(size) > limit:
                self._fail(f"the argument of {name} is beyond {limit}", node, LIMIT_HINT)
        return construct(name, arguments)

    def _piecewise(self, node: Piecewise) -> Any:
        values = map(self.number, node.values)
        branches = list(zip(values, map(self._condition, node.conditions), strict=True))
        if node.otherwise is not None:
            branches.append((self.number(node.otherwise), sympy.true))
        return sympy.Piecewise(*branches)

    def _condition(self, node: Node) -> Any:
        match node:
            case Comparison(operands=operands, operators=operators):
                sides = [self.number(operand) for operand in operands]
                triples = zip(operators, sides, sides[1:], strict=False)
                return sympy.And(*(_RELATIONS[sign](left, right) for sign, left, right in triples))
            case Junction(kind=kind, operands=operands):
                parts = [self._condition(operand) for operand in operands]
                return sympy.And(*parts) if kind == "and" else sympy.Or(*parts)
            case Not(operand=operand):
                return sympy.Not(self._condition(operand))
            case Condition():
                return sympy.true
        raise AssertionError(f"no rule builds {type(node).__name__}")

    def _check(self, node: Node, expr: Any) -> None:
        if expr in (sympy.zoo, sympy.oo, -sympy.oo, sympy.nan) or expr.has(sympy.zoo, sympy.nan, sympy.I):
            self._undefined(node, "has no real, finite value")
        if not _constant(expr):
            return
        value = expr.evalf(15)
        if not value.is_Float:
            self._undefined(node, "has no real, finite value")
        _, _, exponent, length = value._mpf_
        if exponent + length > BITS:
            self._too_large(node)

    def _too_large(self, node: Node) -> NoReturn:
        self._fail(f"a number of more than {BITS} bits", node, LIMIT_HINT)

    def _fail(self, cause: str, node: Node, remedy: str) -> NoReturn:
        raise FormulaError(cause, source=self.source, start=node.span[0], end=node.span[1], hint=remedy)

    def _undefined(
        self, node: Node, cause: str, remedy: str = "every variable and every value here is real"
    ) -> NoReturn:
        piece = self.source[node.span[0] : node.span[1]]
        raise DomainError(f"{visible(piece, 60)} {cause}", hint=remedy)


def _rationals(parts: list[Any]) -> Iterator[Fraction]:
    return (Fraction(int(part.p), int(part.q)) for part in parts if part.is_Rational)


def _constant(expr: Any) -> bool:
    # is_number would look through the whole tree again at every level; this stops at the first symbol.
    stack = [expr]
    while stack:
        top = stack.pop()
        if top.is_Symbol:
            return False
        stack.extend(top.args)
    return True


def _approximate(expr: Any) -> Any:
    """A few digits of a constant, None for anything that has a variable."""
    if expr.is_Rational:
        return expr
    return expr.evalf(15) if _constant(expr) else None
