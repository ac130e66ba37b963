"""The shape of an expression by its structure (disciplined convex programming: Grant, Boyd and Ye, 2006, and more).

A rule is a theorem, never a sample: what no rule proves is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import reduce

import sympy

from gdcli.calculus.convexity.atoms import ATOMS, power
from gdcli.calculus.convexity.forms import absolute_power, bases, logarithm, root
from gdcli.calculus.convexity.quadratic import degree, is_squared_norm, quadratic
from gdcli.calculus.convexity.shapes import UNKNOWN, Branch, Curvature, Direction, Shape, composed, total
from gdcli.calculus.exact import sign_of
from gdcli.calculus.interval.arithmetic import WHOLE, EmptyError, Interval
from gdcli.calculus.interval.tape import Box, Tape
from gdcli.errors import DomainError
from gdcli.language.text import text

Power = tuple[sympy.Expr, sympy.Expr]

EXPANSION = 40
"""Terms up to which a product is multiplied out to be looked at as a sum."""


class Rules:
    """The rules on one region; a shape is worked out once for each subexpression."""

    def __init__(self, variables: Sequence[sympy.Symbol], box: Box) -> None:
        self._variables = tuple(variables)
        self._box = box
        self._known: dict[sympy.Expr, Shape] = {}

    def values(self, node: sympy.Expr) -> Interval:
        """A range that holds every value of the expression on its domain within the region."""
        try:
            low, high = Tape(self._variables, [node]).run(self._box)[0]
        except (EmptyError, DomainError):
            return WHOLE
        if low < 0.0 and degree(node) == 2 and is_squared_norm(node, self._variables):
            return 0.0, max(high, 0.0)
        return low, high

    def shape(self, node: sympy.Expr) -> Shape:
        """What is proven of the expression, on its domain within the region, if that domain is convex."""
        if node not in self._known:
            # A rule that comes back to the expression it began with proves nothing.
            self._known[node] = UNKNOWN
            self._known[node] = self._found(node)
        return self._known[node]

    def _found(self, node: sympy.Expr) -> Shape:
        size = degree(node)
        if size is not None and size <= 1:
            return Shape(Curvature.AFFINE if size else Curvature.CONSTANT)
        for rule in self._rules(node, size):
            if rule.curvature is not Curvature.UNKNOWN:
                return rule
        return UNKNOWN

    def _rules(self, node: sympy.Expr, size: int | None) -> Iterator[Shape]:
        if node.is_Add:
            yield total([self.shape(term) for term in node.args])
            yield self._gathered(node)
        elif node.is_Mul:
            yield from self._product(node)
        elif node.is_Pow:
            yield from self._power(node)
        elif isinstance(node, (sympy.Max, sympy.Min)):
            yield self._largest(node)
        else:
            yield from self._function(node)
        if size == 2:
            shape = quadratic(node, self._variables)
            yield Shape(shape.curvature, shape.strict, tuple(f"{_name(node)}: {r}" for r in shape.reasons))

    def _gathered(self, node: sympy.Expr) -> Shape:
        """A sum whose terms of degree 2 are convex only together: x^2 - 2 x y + y^2 + exp(z)."""
        low = [term for term in node.args if (degree(term) or 3) == 2]
        rest = [term for term in node.args if term not in low]
        if len(low) < 2 or not rest:
            return UNKNOWN
        return total([self.shape(sympy.Add(*low)), *map(self.shape, rest)])

    def _compose(
        self, node: sympy.Expr, branches: Sequence[Branch], inner: sympy.Expr, head: str = ""
    ) -> Iterator[Shape]:
        values, shape = self.values(inner), self.shape(inner)
        for branch in branches:
            if branch.holds(values):
                found = composed(branch, shape, self._gradient(inner, shape))
                if found.curvature is not Curvature.UNKNOWN:
                    yield found.because(_sentence(node, branch, inner, shape, head or _head(node)))

    def _gradient(self, inner: sympy.Expr, shape: Shape) -> Direction | None:
        if shape.curvature is not Curvature.AFFINE:
            return None
        return tuple(inner.diff(v) for v in self._variables)

    def _function(self, node: sympy.Expr) -> Iterator[Shape]:
        name = type(node).__name__
        if name == "logsumexp":
            yield self._raised(node, "logsumexp is convex and rising in each argument")
        elif isinstance(node, sympy.log):
            yield from self._logarithm(node)
        if name in ATOMS:
            yield from self._compose(node, ATOMS[name], node.args[0])

    def _logarithm(self, node: sympy.Expr) -> Iterator[Shape]:
        """log of a sum of functions whose logarithms are convex; log cosh, log sigmoid."""
        inner = node.args[0]
        if inner.is_Add and all(self.values(term)[0] >= 0.0 for term in inner.args):
            parts = total([self.shape(logarithm(term)) for term in inner.args])
            if parts.curvature.convex:
                reason = f"{_name(node)} is convex: a sum of functions with a convex logarithm has one"
                yield Shape(Curvature.CONVEX, frozenset(), (*parts.reasons, reason))
        if isinstance(inner, sympy.cosh):
            yield from self._compose(node, (Branch(Curvature.CONVEX, 0),), inner.args[0], "log cosh")
        if type(inner).__name__ == "sigmoid":
            yield from self._compose(node, (Branch(Curvature.CONCAVE, 1),), inner.args[0], "log sigmoid")

    def _largest(self, node: sympy.Expr) -> Shape:
        shapes = [self.shape(u) for u in node.args]
        if isinstance(node, sympy.Max) and all(s.curvature.convex for s in shapes):
            return Shape(Curvature.CONVEX, _common(shapes), _reasons(shapes, "a maximum of convex functions is convex"))
        if isinstance(node, sympy.Min) and all(s.curvature.concave for s in shapes):
            return Shape(
                Curvature.CONCAVE, _common(shapes), _reasons(shapes, "a minimum of concave functions is concave")
            )
        return UNKNOWN

    def _raised(self, node: sympy.Expr, reason: str) -> Shape:
        shapes = [self.shape(u) for u in node.args]
        if not all(s.curvature.convex for s in shapes):
            return UNKNOWN
        return Shape(Curvature.CONVEX, frozenset(), _reasons(shapes, reason))

    def _power(self, node: sympy.Expr) -> Iterator[Shape]:
        base, exponent = node.args
        if exponent.is_number:
            yield from self._root_of_sum(node, base, 1 / exponent)
            if base.is_Mul and all(sign_of(factor) == 1 for factor in base.args if factor.is_number):
                parts = [factor.as_base_exp() for factor in base.args if not factor.is_number]
                yield self._powers(node, [(b, a * exponent) for b, a in parts])
            yield from self._compose(node, power(exponent), base)
        elif base.is_number:
            inner = exponent * sympy.log(base)
            yield from self._compose(node, ATOMS["exp"], inner)
        yield from self._by_logarithm(node)

    def _root_of_sum(self, node: sympy.Expr, base: sympy.Expr, p: sympy.Expr) -> Iterator[Shape]:
        """(sum g_i^p)^(1/p), p >= 1: a norm of functions that are convex and >= 0 (Minkowski)."""
        if not (base.is_Add and p > 1):
            return
        if p == 2 and degree(base) == 2 and is_squared_norm(base, self._variables):
            yield Shape(Curvature.CONVEX, frozenset(), (f"{_name(node)} is the norm of an affine map: convex",))
        roots = [root(term, p) for term in base.args]
        if all(self.values(term)[0] >= 0.0 for term in base.args):
            shapes = [self.shape(root) for root in roots]
            if all(s.curvature.convex for s in shapes):
                reason = f"{_name(node)} is a norm of convex functions that are >= 0: convex"
                yield Shape(Curvature.CONVEX, frozenset(), _reasons(shapes, reason))

    def _product(self, node: sympy.Expr) -> Iterator[Shape]:
        constants = [factor for factor in node.args if factor.is_number]
        rest = [factor for factor in node.args if not factor.is_number]
        if constants:
            sign = reduce(_times, map(sign_of, constants))
            if sign is not None:
                yield self.shape(sympy.Mul(*rest)).scaled(sign)
            return
        if (found := absolute_power(node)) is not None:
            yield from self._compose(node, power(found[1]), found[0], f"u^{found[1]}")
        yield self._entropy(node, rest)
        pairs, sign = self._turned([factor.as_base_exp() for factor in rest])
        yield self._powers(node, pairs).scaled(sign)
        yield from self._by_logarithm(node)
        if sum(len(factor.args) if factor.is_Add else 1 for factor in rest) <= EXPANSION:
            expanded = sympy.expand_mul(node)
            if expanded.is_Add:
                yield self.shape(expanded)

    def _entropy(self, node: sympy.Expr, factors: Sequence[sympy.Expr]) -> Shape:
        """u log u, and the relative entropy u log(u/v), for affine u, v > 0."""
        if len(factors) != 2:
            return UNKNOWN
        for u, other in (tuple(factors), tuple(reversed(factors))):
            if not isinstance(other, sympy.log) or not self.shape(u).curvature.affine:
                continue
            ratio = other.args[0] / u
            if ratio == 1:
                gradient = self._gradient(u, self.shape(u)) or ()
                return Shape(Curvature.CONVEX, frozenset([gradient]), (f"{_name(node)} is u*log(u), convex for u > 0",))
            v = 1 / ratio
            positive = all(self.values(w)[0] >= 0.0 for w in (u, v))
            if positive and self.shape(v).curvature.affine:
                return Shape(Curvature.CONVEX, frozenset(), (f"{_name(node)} is a relative entropy: jointly convex",))
        return UNKNOWN

    def _turned(self, pairs: Sequence[Power]) -> tuple[list[Power], int]:
        """Each base <= 0 under an odd power as its negative, and the sign that this takes out of the product."""
        turned, sign = [], 1
        for base, exponent in pairs:
            odd = bool(exponent.is_Integer and exponent % 2)
            if odd and self.values(base)[1] <= 0.0:
                turned.append((-base, exponent))
                sign = -sign
            else:
                turned.append((base, exponent))
        return turned, sign

    def _powers(self, node: sympy.Expr, pairs: Sequence[Power]) -> Shape:
        """prod b_i^a_i for b_i >= 0 (the power-product rule; a squared affine numerator may have any sign).

        Concave: all a_i > 0, sum <= 1. Convex: all a_i < 0; or all but one, that one >= 1 - sum of the others.
        """
        if not all(a.is_Rational for _, a in pairs):
            return UNKNOWN
        shapes = [self.shape(b) for b, _ in pairs]
        least = [self.values(b)[0] >= 0.0 for b, _ in pairs]
        concave = [s.curvature.concave for s in shapes]
        negative = [a < 0 for _, a in pairs]
        weight = sympy.Add(*(a for _, a in pairs))
        if all(least) and all(concave) and not any(negative) and weight <= 1:
            return Shape(
                Curvature.CONCAVE, frozenset(), _reasons(shapes, f"{_name(node)} is a geometric mean: concave")
            )
        if all(g and c for g, c, n in zip(least, concave, negative, strict=True) if n) and weight >= 1:
            tops = [k for k, n in enumerate(negative) if not n]
            if len(tops) == 1 and self._may_lead(pairs[tops[0]][1], shapes[tops[0]], least[tops[0]]):
                reason = f"{_name(node)} is u^p/v^q with p >= q + 1, v > 0: convex"
                return Shape(Curvature.CONVEX, frozenset(), _reasons(shapes, reason))
        return UNKNOWN

    def _may_lead(self, exponent: sympy.Expr, shape: Shape, nonnegative: bool) -> bool:
        """Whether u may stand in the numerator: affine under an even power, or convex and >= 0."""
        even = bool(exponent.is_Integer and exponent % 2 == 0)
        return (even and shape.curvature.affine) or (nonnegative and shape.curvature.convex)

    def _by_logarithm(self, node: sympy.Expr) -> Iterator[Shape]:
        """A positive function with a convex logarithm is convex: exp(x)/y, x^x."""
        if any(self.values(base)[0] < 0.0 for base in bases(node)):
            return
        shape = self.shape(logarithm(node))
        if shape.curvature.convex:
            yield Shape(
                Curvature.CONVEX, shape.strict, (*shape.reasons, f"{_name(node)} has a convex logarithm: convex")
            )


def _times(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a * b


def _common(shapes: Sequence[Shape]) -> frozenset[Direction]:
    """A maximum is strictly convex where each of its arguments is; kept only where all say the same."""
    return shapes[0].strict if all(s.strict == shapes[0].strict for s in shapes) else frozenset()


def _reasons(shapes: Sequence[Shape], last: str) -> tuple[str, ...]:
    return (*dict.fromkeys(reason for shape in shapes for reason in shape.reasons), last)


_MONOTONE = {1: " and rising", -1: " and falling", 0: ""}
_NAMED = 48


def _name(node: sympy.Expr) -> str:
    """The expression, or its beginning where it is long."""
    shown = text(node)
    return shown if len(shown) <= _NAMED else shown[: _NAMED - 3] + "..."


def _head(node: sympy.Expr) -> str:
    """The function's name, u^p for a power."""
    return f"u^{text(node.exp)}" if node.is_Pow and node.exp.is_number else text(node).partition("(")[0]


def _sentence(node: sympy.Expr, branch: Branch, inner: sympy.Expr, shape: Shape, head: str) -> str:
    """One step of the proof in words."""
    if branch.low > -math.inf or branch.high < math.inf:
        head += f" on [{branch.low:.4g}, {branch.high:.4g}]"
    monotone = "" if shape.curvature.affine else _MONOTONE[branch.monotone]
    return f"{_name(node)}: {head} is {branch.curvature}{monotone}, {_name(inner)} is {shape.curvature}"
