"""Smooth expressions as rational functions of independent pieces, so that equality becomes polynomial arithmetic.

sin, cos and their kin become powers of z = exp(i m), exp and the hyperbolic functions powers of exp(m), with m a
monomial; roots become g with g^n = u, logarithms sums of log|f| over the factors f; any other function stays itself,
with its argument in this same form. Every rewriting is an identity wherever both sides have a real value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

import sympy

from gdcli.calculus.tidy import most_terms
from gdcli.language.atoms import logsumexp, oddroot, sigmoid, softplus

Factored = Callable[[sympy.Expr], Iterable[tuple[sympy.Expr, int]]]

POWER = 200
"""Powers of one exponential or root that are followed."""
TERMS = 400
"""Terms up to which an argument is brought to lowest terms."""
PIECES = 6
"""Variables and pieces up to which a quotient is."""
DIGITS = 12
"""Digits of an integer that is split into primes."""


class NotAlgebraicError(Exception):
    """The expression has a piece that this field does not hold, or grows too large."""


class FinerError(Exception):
    """A root or exponential of a finer denominator came up: begin again."""


@dataclass
class Field:
    """The pieces met so far (`pieces`), what they satisfy (`relations`, inner ones first), and log of each (`logs`).

    `scales` holds, for each root and exponential, the common denominator of its exponents; `positive` what even roots
    are taken of, so that a root of a product of these is the product of the roots.
    """

    scales: dict[Hashable, int] = field(default_factory=dict)
    positive: set[sympy.Expr] = field(default_factory=set)
    pieces: dict[Hashable, sympy.Symbol] = field(default_factory=dict)
    relations: list[tuple[sympy.Symbol, sympy.Expr]] = field(default_factory=list)
    logs: dict[sympy.Symbol, sympy.Expr] = field(default_factory=dict)

    def element(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` as a rational function of variables and pieces. Raises NotAlgebraicError."""
        while True:
            self.pieces, self.relations, self.logs = {}, [], {}
            known = len(self.positive)
            try:
                element = self._of(expr)
            except FinerError:
                continue
            if len(self.positive) == known:
                return element

    def is_zero(self, element: sympy.Expr) -> bool:
        """Whether an element is 0 by its pieces' relations. Raises NotAlgebraicError where it is too large to tell."""
        top = sympy.fraction(sympy.together(element))[0]
        if most_terms(top) > 20 * TERMS:
            raise NotAlgebraicError
        top = sympy.expand(top)
        for piece, relation in reversed(self.relations):
            if top.has(piece):
                top = sympy.expand(sympy.prem(top, relation, piece))
        return bool(top == 0)

    def _of(self, expr: sympy.Expr) -> sympy.Expr:
        if expr.is_Symbol or expr.is_Rational:
            return expr
        if expr is sympy.E:
            return self._exp(sympy.S.One)
        if expr is sympy.pi:
            return self._piece(("pi",))
        if expr.is_Add or expr.is_Mul:
            return expr.func(*map(self._of, expr.args))
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if type(expr) in RULES:
            return RULES[type(expr)](self, *expr.args)
        if isinstance(expr, sympy.Function):
            arguments = tuple(self._lowest(self._of(argument)) for argument in expr.args)
            return self._piece((type(expr).__name__, *arguments))
        raise NotAlgebraicError

    def _piece(self, key: Hashable) -> sympy.Symbol:
        return self.pieces.setdefault(key, sympy.Dummy())

    def _scaled(self, key: Hashable, exponent: sympy.Rational) -> tuple[sympy.Symbol, int]:
        """The piece whose powers are wanted, and the power that `exponent` is of it."""
        scale = self.scales.get(key, 1)
        if scale % exponent.q:
            self.scales[key] = math.lcm(scale, int(exponent.q))
            raise FinerError
        power = int(exponent * scale)
        if abs(power) > POWER:
            raise NotAlgebraicError
        return self._piece(key), power

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        if exponent.is_Integer:
            return self._of(base) ** exponent
        if exponent.is_Rational:
            return self.root(base, exponent, self._positive_factors)
        return self._exp(exponent * sympy.log(base))

    def odd_root(self, base: sympy.Expr, order: sympy.Integer) -> sympy.Expr:
        """The real root, also of what is negative."""
        return self.root(base, 1 / order, lambda rest: [(rest, 1)])

    def root(self, base: sympy.Expr, exponent: sympy.Rational, factored: Factored) -> sympy.Expr:
        """base^exponent, by g with g^n = u for each prime u and each factor u of what is left."""
        content, rest = self._lowest(self._of(base)).as_content_primitive()
        if content.is_negative:
            content, rest = -content, -rest
        factors = [self._related(prime, exponent * times) for prime, times in _primes(content)]
        if rest != 1:
            if rest.is_number:
                raise NotAlgebraicError
            factors += [self._related(factor, exponent * times) for factor, times in factored(rest)]
        return sympy.Mul(*factors)

    def _positive_factors(self, base: sympy.Expr) -> list[tuple[sympy.Expr, int]]:
        """The factors of what is not negative, if each of them is known to be positive, else the whole."""
        content, factors = sympy.factor_list(base) if base.is_polynomial() else (1, [])
        if len(factors) > 1 and content == 1 and all(factor in self.positive for factor, _ in factors):
            return factors  # type: ignore[no-any-return]
        if len(factors) == 1:
            self.positive.add(base)
        return [(base, 1)]

    def _related(self, base: sympy.Expr, exponent: sympy.Rational) -> sympy.Expr:
        if exponent.is_Integer:
            return base**exponent
        key = ("root", base)
        known = key in self.pieces
        piece, power = self._scaled(key, exponent)
        if not known:
            top, bottom = sympy.fraction(sympy.together(base))
            self.relations.append((piece, bottom * piece ** self.scales.get(key, 1) - top))
            self.logs[piece] = self._log_of(base) / self.scales.get(key, 1)
        return piece**power

    def _exp(self, exponent: sympy.Expr) -> sympy.Expr:
        factors = []
        for term in sympy.Add.make_args(sympy.expand(exponent)):
            coefficient, rest = term.as_coeff_Mul(rational=True)
            rest = _LOGARITHMS.get(type(rest), _kept)(rest)
            if isinstance(rest, sympy.log):
                factors.append(self._power(rest.args[0], coefficient))
                continue
            for times, monomial in self._monomials(self._of(term)):
                piece, power = self._scaled(("exp", monomial), times)
                self.logs[piece] = monomial / self.scales.get(("exp", monomial), 1)
                factors.append(piece**power)
        return sympy.Mul(*factors)

    def _turn(self, angle: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        """exp(i angle) and i."""
        i = self._imaginary()
        factors = []
        for term in sympy.Add.make_args(sympy.expand(angle)):
            if term.as_coeff_Mul(rational=True)[1] is sympy.pi:
                exact = sympy.cos(term), sympy.sin(term)
                if any(part.has(sympy.sin, sympy.cos) for part in exact):
                    raise NotAlgebraicError
                factors.append(self._of(exact[0]) + i * self._of(exact[1]))
                continue
            for times, monomial in self._monomials(self._of(term)):
                piece, power = self._scaled(("turn", monomial), times)
                factors.append(piece**power)
        return sympy.Mul(*factors), i

    def _imaginary(self) -> sympy.Symbol:
        known = ("i",) in self.pieces
        piece = self._piece(("i",))
        if not known:
            self.relations.append((piece, piece**2 + 1))
        return piece

    def cos(self, angle: sympy.Expr) -> sympy.Expr:
        """(z + 1/z)/2."""
        z, _ = self._turn(angle)
        return (z + 1 / z) / 2

    def sin(self, angle: sympy.Expr) -> sympy.Expr:
        """(z - 1/z)/(2i)."""
        z, i = self._turn(angle)
        return (z - 1 / z) / (2 * i)

    def log(self, argument: sympy.Expr) -> sympy.Expr:
        """The sum of log|f| over the factors f of the argument: equal to log where that is real."""
        return self._log_of(self._of(argument))

    def _log_of(self, element: sympy.Expr) -> sympy.Expr:
        top, bottom = sympy.fraction(self._lowest(element))
        return sympy.Add(*self._log_terms(top, 1), *self._log_terms(bottom, -1))

    def _log_terms(self, polynomial: sympy.Expr, sign: int) -> Iterator[sympy.Expr]:
        if most_terms(polynomial) > TERMS:
            raise NotAlgebraicError
        content, factors = sympy.factor_list(polynomial)
        for prime, times in _primes(abs(content)):
            yield sign * times * self._piece(("log", prime))
        for factor, times in factors:
            positive = -factor if factor.could_extract_minus_sign() else factor
            yield sign * times * (self.logs[factor] if factor in self.logs else self._piece(("log", positive)))

    def _monomials(self, element: sympy.Expr) -> Iterator[tuple[sympy.Rational, sympy.Expr]]:
        """The terms of an exponent as rational numbers times monomials over one denominator."""
        top, bottom = sympy.fraction(self._lowest(element))
        for term in sympy.Add.make_args(sympy.expand(top)):
            yield (term / bottom).as_coeff_Mul(rational=True)

    def _lowest(self, element: sympy.Expr) -> sympy.Expr:
        """One form for equal arguments: lowest terms, expanded."""
        if most_terms(element) > TERMS:
            raise NotAlgebraicError
        if element.is_polynomial():
            return sympy.expand(element)
        # The greatest common divisor of many pieces takes minutes.
        if len(element.free_symbols) > PIECES or most_terms(element) > TERMS // 8:
            raise NotAlgebraicError
        return sympy.cancel(element)


def _primes(content: sympy.Rational) -> Iterator[tuple[sympy.Integer, sympy.Integer]]:
    for number, sign in ((content.p, 1), (content.q, -1)):
        if number >= 10**DIGITS:
            raise NotAlgebraicError
        yield from ((sympy.Integer(p), sympy.Integer(sign * k)) for p, k in sympy.factorint(number).items())


def _kept(expr: sympy.Expr) -> sympy.Expr:
    return expr


_LOGARITHMS: dict[type, Callable[[sympy.Expr], sympy.Expr]] = {
    softplus: lambda expr: sympy.log(1 + sympy.exp(expr.args[0])),
    logsumexp: lambda expr: sympy.log(sympy.Add(*map(sympy.exp, expr.args))),
}


def _by(rewriting: Callable[..., sympy.Expr]) -> Callable[..., sympy.Expr]:
    """A function through others: what it is by definition."""
    return lambda of, *u: of._of(rewriting(*u))


RULES: dict[type, Callable[..., sympy.Expr]] = {
    sympy.exp: Field._exp,
    sympy.log: Field.log,
    sympy.sin: Field.sin,
    sympy.cos: Field.cos,
    sympy.tan: lambda of, u: of.sin(u) / of.cos(u),
    sympy.cot: lambda of, u: of.cos(u) / of.sin(u),
    sympy.sec: lambda of, u: 1 / of.cos(u),
    sympy.csc: lambda of, u: 1 / of.sin(u),
    sympy.sinh: _by(lambda u: (sympy.exp(u) - sympy.exp(-u)) / 2),
    sympy.cosh: _by(lambda u: (sympy.exp(u) + sympy.exp(-u)) / 2),
    sympy.tanh: _by(lambda u: 1 - 2 / (sympy.exp(2 * u) + 1)),
    sympy.coth: _by(lambda u: 1 + 2 / (sympy.exp(2 * u) - 1)),
    sympy.sech: _by(lambda u: 2 / (sympy.exp(u) + sympy.exp(-u))),
    sympy.csch: _by(lambda u: 2 / (sympy.exp(u) - sympy.exp(-u))),
    sympy.acos: _by(lambda u: sympy.pi / 2 - sympy.asin(u)),
    sympy.acsc: _by(lambda u: sympy.asin(1 / u)),
    sympy.asec: _by(lambda u: sympy.pi / 2 - sympy.asin(1 / u)),
    sympy.acot: _by(lambda u: sympy.atan(1 / u)),
    sympy.acoth: _by(lambda u: sympy.atanh(1 / u)),
    sympy.acosh: _by(lambda u: sympy.log(u + sympy.sqrt(u**2 - 1))),
    sympy.acsch: _by(lambda u: sympy.asinh(1 / u)),
    sympy.asech: _by(lambda u: sympy.acosh(1 / u)),
    sympy.asinh: _by(lambda u: sympy.log(u + sympy.sqrt(u**2 + 1))),
    sympy.atanh: _by(lambda u: (sympy.log(1 + u) - sympy.log(1 - u)) / 2),
    sigmoid: _by(lambda u: 1 / (1 + sympy.exp(-u))),
    softplus: _by(lambda u: _LOGARITHMS[softplus](softplus(u))),
    logsumexp: _by(lambda *u: _LOGARITHMS[logsumexp](logsumexp(*u))),
    oddroot: Field.odd_root,
}
