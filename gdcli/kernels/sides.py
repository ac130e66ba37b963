"""One-sided derivatives of a formula with kinks, and the element of least norm between them (THEORY, section 6).

Just to one side of p every |u|, max, min, relu, sign and choice of cases equals one smooth branch: the one that the
sign of u there selects, or of the first of u', u'', ... that is not 0 where u is. The derivative of that branch is the
one-sided derivative. For a convex phi the interval between the two is the subdifferential; for others, Clarke's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import sympy as sp
from sympy.core.relational import Relational

from gdcli.calculus.gradient import gradient
from gdcli.language.atoms import relu

# Derivatives of u that are looked at where u is 0: a condition such as p^4 <= 0 needs the fourth.
ORDERS = 4
KINKED = (sp.Abs, sp.Max, sp.Min, sp.sign, relu, sp.Piecewise)


@dataclass(frozen=True)
class Sides:
    """The derivatives from the left and from the right.

    `kinked`: they are not proven to be equal everywhere. `settled`: the plain derivative is proven to be the element
    of least norm between them everywhere.
    """

    left: sp.Expr
    right: sp.Expr
    kinked: bool
    settled: bool


def sides(phi: sp.Expr, p: sp.Symbol, plain: sp.Expr) -> Sides | None:
    """The one-sided derivatives in p of `phi`, whose derivative between the kinks is `plain`; None without kinks."""
    if not any(node.has(p) for node in phi.atoms(*KINKED)):
        return None
    after, before = _Side(p, 1), _Side(p, -1)
    right, left = _slope(after.branch(phi), p), _slope(before.branch(phi), p)
    places = _places([u for u in after.turning if u.has(p)], p)
    met = None if places is None else list(_values(places, p, (left, right, plain)))
    return Sides(
        left=left,
        right=right,
        kinked=met is None or not all(_equal(a, b) for a, b, _ in met),
        settled=met is not None and all(_equal(_least(a, b), c) for a, b, c in met),
    )


def _slope(u: sp.Expr, p: sp.Symbol) -> sp.Expr:
    return sp.sympify(gradient(u, [p])[0])


@dataclass
class _Side:
    """One side of p, `towards` 1 or -1; `turning` collects the u whose sign decides."""

    p: sp.Symbol
    towards: int
    turning: list[sp.Expr] = field(default_factory=list)

    def branch(self, node: sp.Basic) -> sp.Basic:
        """What equals `node` on this side, close enough to p."""
        if not node.has(self.p) or not node.args:
            return node
        if isinstance(node, sp.Piecewise):
            return sp.Piecewise(*((self.branch(value), self._holds(condition)) for value, condition in node.args))
        parts = [self.branch(part) for part in node.args]
        if isinstance(node, sp.Abs):
            return sp.Piecewise((parts[0], self._above(node.args[0])), (-parts[0], True))
        if isinstance(node, relu):
            return sp.Piecewise((parts[0], self._above(node.args[0])), (sp.S.Zero, True))
        if isinstance(node, sp.sign):
            u = node.args[0]
            return sp.Piecewise((1, self._above(u)), (-1, self._above(-u)), (sp.S.Zero, True))
        if isinstance(node, sp.Max | sp.Min):
            return self._extreme(node, parts)
        return node.func(*parts)

    def _extreme(self, node: sp.Expr, parts: list[sp.Expr]) -> sp.Expr:
        """The first argument that no other beats."""
        sign = 1 if isinstance(node, sp.Max) else -1
        cases = []
        for u, part in zip(node.args, parts, strict=True):
            beaten = [self._above(sign * (v - u)) for v in node.args if v is not u]
            cases.append((part, sp.Not(sp.Or(*beaten))))
        return sp.Piecewise(*cases[:-1], (parts[-1], True))

    def _holds(self, condition: sp.Basic) -> sp.Basic:
        """Whether a condition holds on this side."""
        if condition in (sp.true, sp.false):
            return condition
        if not isinstance(condition, Relational):
            return condition.func(*map(self._holds, condition.args))
        u = condition.lhs - condition.rhs
        if isinstance(condition, sp.Gt):
            return self._above(u)
        if isinstance(condition, sp.Lt):
            return self._above(-u)
        if isinstance(condition, sp.Ge):
            return sp.Not(self._above(-u))
        if isinstance(condition, sp.Le):
            return sp.Not(self._above(u))
        apart = sp.Or(self._above(u), self._above(-u))
        return apart if isinstance(condition, sp.Ne) else sp.Not(apart)

    def _above(self, u: sp.Expr) -> sp.Basic:
        """Whether u > 0 on this side."""
        self.turning.append(u)
        return self._grows(u, self.branch(u), ORDERS)

    def _grows(self, u: sp.Expr, branch: sp.Expr, orders: int) -> sp.Basic:
        above = _where_positive(u)
        if not u.has(self.p) or not orders:
            return above
        slope = self.towards * _slope(branch, self.p)
        if slope.is_number:
            return _where_zero_or_more(u) if slope > 0 else above
        return sp.Or(above, sp.And(_where_zero(u), self._grows(slope, slope, orders - 1)))


def _where_positive(u: sp.Expr) -> sp.Basic:
    return _by_case(u, lambda leaf: leaf > 0)


def _where_zero_or_more(u: sp.Expr) -> sp.Basic:
    return _by_case(u, lambda leaf: leaf >= 0)


def _where_zero(u: sp.Expr) -> sp.Basic:
    return _by_case(u, lambda leaf: sp.Eq(leaf, 0))


def _by_case(u: sp.Expr, asked: Callable[[sp.Expr], sp.Basic]) -> sp.Basic:
    """A condition on u, with the cases of u drawn out of it: a case inside a comparison would not be printed."""
    folded = sp.piecewise_fold(u)
    if not isinstance(folded, sp.Piecewise):
        return asked(folded)
    found, left = [], sp.true
    for value, condition in folded.args:
        found.append(sp.And(left, condition, _by_case(value, asked)))
        left = sp.And(left, sp.Not(condition))
    return sp.Or(*found)


def _places(turning: list[sp.Expr], p: sp.Symbol) -> list[tuple[sp.Expr, sp.Expr]] | None:
    """(a, b) of every a p + b that may vanish where a branch changes; None where one of them is not affine in p."""
    found = []
    for u in dict.fromkeys(turning):
        for smooth in _smooth_forms(u):
            form = sp.Poly(smooth, p) if smooth.is_polynomial(p) else None
            if form is None or form.degree() > 1:
                return None
            found.append((form.coeff_monomial(p), form.coeff_monomial(1)))
    return list(dict.fromkeys(found))


def _smooth_forms(u: sp.Expr) -> list[sp.Expr]:
    """Every branch that u may have, whatever selects it."""
    kinked = next((node for node in u.atoms(*KINKED) if not node.has(*(u.atoms(*KINKED) - {node}))), None)
    if kinked is None:
        return [u]
    inner = kinked.args[0]
    if isinstance(kinked, sp.Abs):
        options = [inner, -inner]
    elif isinstance(kinked, relu):
        options = [inner, sp.S.Zero]
    elif isinstance(kinked, sp.sign):
        options = [sp.S.One, sp.S.Zero, sp.S.NegativeOne]
    elif isinstance(kinked, sp.Piecewise):
        options = [value for value, _ in kinked.args]
    else:
        options = list(kinked.args)
    return [form for option in options for form in _smooth_forms(u.xreplace({kinked: option}))]


def _values(places: list[tuple[sp.Expr, sp.Expr]], p: sp.Symbol, asked: tuple[sp.Expr, ...]) -> Iterator[list[sp.Expr]]:
    """The expressions at p = -b/a for each place, and for each sign of each other variable."""
    others = sorted(set().union(*(u.free_symbols for place in places for u in place)), key=str)
    for signs in product((1, 0, -1), repeat=len(others)):
        given = {v: sign * sp.Symbol(v.name, positive=True) for v, sign in zip(others, signs, strict=True)}
        for a, b in places:
            slope = a.xreplace(given)
            if slope != 0:
                at = {**given, p: -b.xreplace(given) / slope}
                yield [u.subs(at) for u in asked]


def _least(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """The element of least norm between two numbers; not a number where it is not known."""
    if _equal(left, right):
        return left
    if (left * right).is_nonpositive:
        return sp.S.Zero
    if left.is_Rational and right.is_Rational:
        return min(left, right, key=abs)
    return sp.nan


def _equal(a: sp.Expr, b: sp.Expr) -> bool:
    return a != sp.nan and not a.has(sp.Piecewise) and sp.simplify(a - b) == 0
