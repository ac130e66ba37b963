"""Difference quotients without a limit theorem: g(h) = g(0) + h D(h), built up over the pieces of g.

D is Caratheodory's slope function (C. Caratheodory, "Theory of Functions of a Complex Variable", 1954): if u has U and
v has V, then uv has U v(h) + u(0) V, and F(u) has U Q with Q the quotient of F over k = u(h) - u(0). The h cancels by
construction; what is left are quotients whose limits are classic (sin(k)/k -> 1, ...), and the limit is found by
putting h = 0. Nothing here knows a rule of differentiation but those of inverse functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy

from gdcli.calculus.difference.classic import K, Used
from gdcli.calculus.exact import sign_of
from gdcli.calculus.tidy import expanded, is_small, tidy
from gdcli.language import atoms

POWERS = 12
"""Integer powers and roots up to which a difference is factored; beyond, ((1 + k)^n - 1)/k -> n is used."""

TERMS = 40
"""Terms up to which a polynomial in h is multiplied out."""


class UnresolvedError(Exception):
    """The quotient of this formula is beyond the identities known here."""


@dataclass(frozen=True)
class Grown:
    """g(h) = start + h slope, `end` being g(h) itself."""

    start: sympy.Expr
    slope: sympy.Expr
    end: sympy.Expr

    @property
    def increment(self) -> sympy.Expr:
        """k = g(h) - g(0)."""
        return expanded(self.end - self.start)


@dataclass
class Slopes:
    """The slopes of pieces of one formula in h, and the classic limits they take on the way."""

    h: sympy.Symbol
    used: Used

    def of(self, g: sympy.Expr) -> Grown:
        """g(0) and D(h). Raises UnresolvedError where g is beyond the identities, or not regular at h = 0."""
        if not g.has(self.h):
            return Grown(g, sympy.S.Zero, g)
        flat = self._flat(g)
        if flat is not None:
            start = flat.xreplace({self.h: sympy.S.Zero})
            return Grown(start, sympy.expand((flat - start) / self.h), g)
        if self._cancels(g):
            start = self._start(g)
            return Grown(start, tidy(sympy.cancel((g - start) / self.h)), g)
        return self._built(g)

    def _flat(self, g: sympy.Expr) -> sympy.Expr | None:
        """A polynomial in h multiplied out, where it stays short."""
        if not g.is_polynomial(self.h):
            return None
        flat = expanded(g)
        long = len(sympy.Add.make_args(flat)) > TERMS or any(
            p.base.is_Add and p.has(self.h) for p in flat.atoms(sympy.Pow)
        )
        return None if long else flat

    def _cancels(self, g: sympy.Expr) -> bool:
        """Whether g is a fraction of polynomials small enough to be cancelled."""
        low = all(abs(p.exp) <= POWERS for p in g.atoms(sympy.Pow) if p.exp.is_Integer)
        return low and g.is_rational_function() and not g.is_polynomial(self.h) and is_small([g])

    def _built(self, g: sympy.Expr) -> Grown:
        if g.is_Add:
            parts = [self.of(part) for part in g.args]
            return Grown(sympy.Add(*(p.start for p in parts)), sympy.Add(*(p.slope for p in parts)), g)
        if g.is_Mul:
            return reduce(self._product, map(self.of, self._factors(g)))
        if g.is_Pow:
            return self._power(g)
        if isinstance(g, atoms.oddroot):
            return self._root(self.of(g.args[0]), int(g.args[1]), g)
        if type(g) in REWRITTEN:
            words, rewritten = REWRITTEN[type(g)]
            self.used.identity(words)
            return self._renamed(rewritten(*g.args), g)
        if len(g.args) == 1 and type(g) in OF_CALLS:
            return OF_CALLS[type(g)](self, self.of(g.args[0]), g)
        raise UnresolvedError(f"no difference quotient known for {type(g).__name__}")

    def _renamed(self, other: sympy.Expr, g: sympy.Expr) -> Grown:
        """g by way of another form of it; what stays of that at h = 0 is written as g is."""
        found, start = self.of(other), self._start(g)
        return Grown(start, found.slope.xreplace({found.start: start}), g)

    def _start(self, g: sympy.Expr) -> sympy.Expr:
        start = g.xreplace({self.h: sympy.S.Zero})
        if start.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
            raise UnresolvedError("not defined at h = 0")
        return start

    def _factors(self, g: sympy.Mul) -> list[sympy.Expr]:
        fixed, moving = g.as_independent(self.h, as_Add=False)
        return [*([] if fixed == 1 else [fixed]), *sympy.Mul.make_args(moving)]

    def _product(self, left: Grown, right: Grown) -> Grown:
        if left.slope != 0 and right.slope != 0:
            self.used.identity("b*d - a*c = (b - a)*d + a*(d - c)")
        slope = left.slope * right.end + left.start * right.slope
        return Grown(left.start * right.start, slope, left.end * right.end)

    def _power(self, g: sympy.Expr) -> Grown:
        base, exponent = g.args
        if not base.has(self.h):
            return self._exponential(base, self.of(exponent), g)
        if exponent.has(self.h):
            self.used.identity("u**v = exp(v*log(u))")
            return self._renamed(sympy.exp(exponent * sympy.log(base), evaluate=False), g)
        inner = self.of(base)
        if exponent.is_Rational and max(abs(exponent.p), exponent.q) <= POWERS:
            return self._rational_power(inner, exponent, g)
        return self._real_power(inner, exponent, g)

    def _rational_power(self, inner: Grown, exponent: sympy.Rational, g: sympy.Expr) -> Grown:
        root = inner if exponent.q == 1 else self._root(inner, exponent.q, inner.end ** sympy.Rational(1, exponent.q))
        power = self._integer_power(root, abs(exponent.p))
        if exponent > 0:
            return Grown(power.start, power.slope, g)
        self._regular(power.start)
        self.used.identity("1/b - 1/a = -(b - a)/(a*b)")
        return Grown(1 / power.start, -power.slope / (power.start * power.end), g)

    def _integer_power(self, inner: Grown, n: int) -> Grown:
        if n == 1:
            return inner
        if n == 2:
            self.used.identity("b**2 - a**2 = (b - a)*(b + a)")
        else:
            self.used.identity("b**n - a**n = (b - a)*(b**(n - 1) + ... + a**(n - 1))")
        a, b = inner.start, inner.end
        return Grown(a**n, inner.slope * sympy.Add(*(b**j * a ** (n - 1 - j) for j in range(n))), b**n)

    def _root(self, inner: Grown, n: int, g: sympy.Expr) -> Grown:
        """The conjugate: b - a = (b^n - a^n)/(b^(n-1) + ... + a^(n-1)) with a^n, b^n the radicands."""
        self._regular(inner.start)
        if n > POWERS:
            raise UnresolvedError("a root of high order")
        self.used.identity(CONJUGATES.get(n, "b - a = (b**n - a**n)/(b**(n - 1) + ... + a**(n - 1))"))
        start = g.xreplace({self.h: sympy.S.Zero})
        total = sympy.Add(*(g**j * start ** (n - 1 - j) for j in range(n)))
        return Grown(start, inner.slope / total, g)

    def _real_power(self, inner: Grown, exponent: sympy.Expr, g: sympy.Expr) -> Grown:
        self._regular(inner.start)
        k = inner.increment / inner.start
        place = self.used.classic(((1 + K) ** exponent - 1) / K, k, exponent)
        return Grown(inner.start**exponent, inner.start ** (exponent - 1) * inner.slope * place, g)

    def _exponential(self, base: sympy.Expr, inner: Grown, g: sympy.Expr) -> Grown:
        if sign_of(base) != 1 if base.is_number else False:
            raise UnresolvedError("a power of a base that is not positive")
        if inner.start != 0:
            self.used.identity("a**(u + k) = a**u*a**k" if base is not sympy.E else "exp(u + k) = exp(u)*exp(k)")
        place = self.used.classic((base**K - 1) / K, inner.increment, sympy.log(base))
        return Grown(base**inner.start, base**inner.start * inner.slope * place, g)

    def _regular(self, start: sympy.Expr) -> None:
        if start.is_zero or (start.is_number and sign_of(start) in (0, None)):
            raise UnresolvedError("a division by zero at h = 0")

    def _exp(self, inner: Grown, g: sympy.Expr) -> Grown:
        return self._exponential(sympy.E, inner, g)

    def _log(self, inner: Grown, g: sympy.Expr) -> Grown:
        self._regular(inner.start)
        if inner.start != 1:
            self.used.identity("log(b) - log(a) = log(1 + (b - a)/a)")
        place = self.used.classic(sympy.log(1 + K) / K, expanded(inner.increment / inner.start), sympy.S.One)
        return Grown(sympy.log(inner.start), inner.slope * place / inner.start, g)

    def _circular(self, inner: Grown, g: sympy.Expr) -> Grown:
        """sin, cos, sinh and cosh by their addition theorems."""
        sine, cosine, sign = (sympy.sin, sympy.cos, -1) if isinstance(g, sympy.sin | sympy.cos) else HYPERBOLIC
        u, k = inner.start, inner.increment
        small = self.used.classic(sine(K) / K, k, sympy.S.One)
        flat = self.used.classic((cosine(K) - 1) / K, k, sympy.S.Zero)
        if u != 0:
            self.used.identity(ADDITION[type(g)])
        if isinstance(g, sine):
            return Grown(sine(u), inner.slope * (sine(u) * flat + cosine(u) * small), g)
        return Grown(cosine(u), inner.slope * (cosine(u) * flat + sign * sine(u) * small), g)

    def _tangent(self, inner: Grown, g: sympy.Expr) -> Grown:
        """tan b - tan a = sin(b - a)/(cos a cos b), and the same for tanh."""
        sine, cosine = (sympy.sin, sympy.cos) if isinstance(g, sympy.tan) else HYPERBOLIC[:2]
        name = "" if sine is sympy.sin else "h"
        self.used.identity(f"tan{name}(b) - tan{name}(a) = sin{name}(b - a)/(cos{name}(a)*cos{name}(b))")
        self._regular(cosine(inner.start))
        place = self.used.classic(sine(K) / K, inner.increment, sympy.S.One)
        return Grown(g.func(inner.start), inner.slope * place / (cosine(inner.start) * cosine(inner.end)), g)

    def _arctangent(self, inner: Grown, g: sympy.Expr) -> Grown:
        self.used.identity("atan(b) - atan(a) = atan((b - a)/(1 + a*b))")
        bottom = 1 + inner.start * inner.end
        place = self.used.classic(sympy.atan(K) / K, inner.increment / bottom, sympy.S.One)
        return Grown(sympy.atan(inner.start), inner.slope * place / bottom, g)

    def _inverse(self, inner: Grown, g: sympy.Expr) -> Grown:
        """The quotient of an inverse function is that of the function upside down: l/k with y + l = g(u + k)."""
        original, slope = INVERSES[type(g)]
        y, u = g.func(inner.start), inner.start
        self._regular(slope(u, y))
        name = original.__name__
        self.used.identity(f"with y = {type(g).__name__}(u) the quotient is (({name}(y + l) - {name}(y))/l)**(-1)")
        place = self.used.classic((g.func(u + K) - g.func(u)) / K, inner.increment, 1 / slope(u, y))
        return Grown(y, inner.slope * place, g)


HYPERBOLIC = (sympy.sinh, sympy.cosh, 1)
ADDITION = {
    sympy.sin: "sin(u + k) = sin(u)*cos(k) + cos(u)*sin(k)",
    sympy.cos: "cos(u + k) = cos(u)*cos(k) - sin(u)*sin(k)",
    sympy.sinh: "sinh(u + k) = sinh(u)*cosh(k) + cosh(u)*sinh(k)",
    sympy.cosh: "cosh(u + k) = cosh(u)*cosh(k) + sinh(u)*sinh(k)",
}
INVERSES: dict[type, tuple[Any, Callable[[sympy.Expr, sympy.Expr], sympy.Expr]]] = {
    sympy.asin: (sympy.sin, lambda u, y: sympy.sqrt(1 - u**2)),
    sympy.acos: (sympy.cos, lambda u, y: -sympy.sqrt(1 - u**2)),
    sympy.asinh: (sympy.sinh, lambda u, y: sympy.sqrt(1 + u**2)),
    sympy.acosh: (sympy.cosh, lambda u, y: sympy.sqrt(u**2 - 1)),
    sympy.atanh: (sympy.tanh, lambda u, y: 1 - u**2),
}
"""Each inverse function: the function, and that one's slope at y in terms of u = function(y)."""

REWRITTEN: dict[type, tuple[str, Callable[..., sympy.Expr]]] = {
    sympy.cot: ("cot(u) = cos(u)/sin(u)", lambda u: sympy.cos(u) / sympy.sin(u)),
    sympy.sec: ("sec(u) = 1/cos(u)", lambda u: 1 / sympy.cos(u)),
    sympy.csc: ("csc(u) = 1/sin(u)", lambda u: 1 / sympy.sin(u)),
    sympy.coth: ("coth(u) = cosh(u)/sinh(u)", lambda u: sympy.cosh(u) / sympy.sinh(u)),
    sympy.sech: ("sech(u) = 1/cosh(u)", lambda u: 1 / sympy.cosh(u)),
    sympy.csch: ("csch(u) = 1/sinh(u)", lambda u: 1 / sympy.sinh(u)),
    atoms.sigmoid: ("sigmoid(u) = 1/(1 + exp(-u))", lambda u: 1 / (1 + sympy.exp(-u))),
    atoms.softplus: ("softplus(u) = log(1 + exp(u))", lambda u: sympy.log(1 + sympy.exp(u))),
    atoms.logsumexp: ("logsumexp(u, ...) = log(exp(u) + ...)", lambda *u: sympy.log(sympy.Add(*map(sympy.exp, u)))),
}
CONJUGATES = {
    2: "sqrt(b) - sqrt(a) = (b - a)/(sqrt(b) + sqrt(a))",
    3: "cbrt(b) - cbrt(a) = (b - a)/(cbrt(b)**2 + cbrt(a*b) + cbrt(a)**2)",
}
OF_CALLS: dict[type, Callable[[Slopes, Grown, sympy.Expr], Grown]] = {
    sympy.exp: Slopes._exp,
    sympy.log: Slopes._log,
    **dict.fromkeys((sympy.sin, sympy.cos, sympy.sinh, sympy.cosh), Slopes._circular),
    **dict.fromkeys((sympy.tan, sympy.tanh), Slopes._tangent),
    sympy.atan: Slopes._arctangent,
    **dict.fromkeys(INVERSES, Slopes._inverse),
}
