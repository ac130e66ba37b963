"""Paths into the point, h_i = c_i t^w_i with the least w_i equal to 1, on which a function may betray itself.

Lines; powers; and the exponents and coefficients at which the sums of the formula balance (the slopes of their Newton
polygons): on x^8 + y^2 that is y = x^4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product

import sympy

from gdcli.calculus.differentiability.expansion import Expansion
from gdcli.calculus.differentiability.model import Model, NoModelError
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.language import tree
from gdcli.language.formula import parse
from gdcli.language.text import text

T = sympy.Symbol("t", real=True)
POWERS = (Fraction(2), Fraction(3), Fraction(4), Fraction(3, 2))
MANY = 3
"""Variables beyond which only pairs of them move together."""
MONOMIALS = 8
"""Monomials of a sum up to which each pair of them is balanced."""


@dataclass(frozen=True)
class Path:
    """h_i = coefficients_i t^weights_i for t -> 0+; a coefficient 0 leaves the coordinate where it is."""

    coefficients: tuple[sympy.Expr, ...]
    weights: tuple[Fraction, ...]

    @property
    def tangent(self) -> tuple[sympy.Expr, ...]:
        """dh/dt at t = 0."""
        pairs = zip(self.coefficients, self.weights, strict=True)
        return tuple(c if w == 1 else sympy.S.Zero for c, w in pairs)

    def steps(self) -> tuple[sympy.Expr, ...]:
        """h as expressions in t."""
        pairs = zip(self.coefficients, self.weights, strict=True)
        return tuple(c * T ** sympy.Rational(w.numerator, w.denominator) for c, w in pairs)

    def follow(self, function: Function, start: Sequence[sympy.Expr]) -> Function:
        """f along the path, a function of t > 0."""
        places = [a + step for a, step in zip(start, self.steps(), strict=True)]
        nodes = {v.name: parse(text(place)).tree for v, place in zip(function.variables, places, strict=True)}
        expr = function.expr.xreplace(dict(zip(function.variables, places, strict=True)))
        return Function(expr, (T,), function.source, substituted(function.tree, nodes))


def substituted(node: tree.Node, nodes: dict[str, tree.Node]) -> tree.Node:
    """The formula with its variables replaced."""
    if isinstance(node, tree.Variable):
        return nodes[node.name]
    return node.rebuilt(tuple(substituted(child, nodes) for child in node.children))


def paths(function: Function, expansion: Expansion) -> list[Path]:
    """The candidates, the simplest first, each once."""
    d = len(function.variables)
    found = [*lines(d), *_powers(d), *_balanced(function, expansion)]
    return list(dict.fromkeys(path for path in found if any(path.coefficients)))


def axis(i: int, side: int, d: int) -> Path:
    """h = side t e_i."""
    return _line([side if k == i else 0 for k in range(d)])


def _line(coefficients: Sequence[int]) -> Path:
    return Path(tuple(map(sympy.Integer, coefficients)), (Fraction(1),) * len(coefficients))


def lines(d: int) -> Iterator[Path]:
    """The axes, diagonals and a few more straight lines."""
    if d <= MANY:
        moving = (signs for signs in product((1, 0, -1), repeat=d) if any(signs))
        yield from map(_line, sorted(moving, key=lambda signs: signs.count(0), reverse=True))
    else:
        for i, side in product(range(d), (1, -1)):
            yield axis(i, side, d)
        for i, j, side in ((i, j, s) for i, j in combinations(range(d), 2) for s in (1, -1)):
            yield _line([1 if k == i else side if k == j else 0 for k in range(d)])
        yield from (_line([1] * d), _line([-1] * d), _line([(-1) ** k for k in range(d)]))
    for i, j, slope in product(range(d), range(d), (2, -2)):
        if i != j:
            yield _line([1 if k == i else slope if k == j else 0 for k in range(d)])


def _powers(d: int) -> Iterator[Path]:
    for power in POWERS:
        for i, j in permutations(range(d), 2):
            yield from _pair(i, j, power, sympy.S.One, d)


def _pair(i: int, j: int, power: Fraction, c: sympy.Expr, d: int) -> Iterator[Path]:
    """h_i = +-t, h_j = +-c t^power; of three variables the third stands still or is t as well."""
    for a, b, others in product((1, -1), (c, -c), (0, 1) if d == MANY else (0,)):
        coefficients = tuple(sympy.Integer(a) if k == i else b if k == j else sympy.Integer(others) for k in range(d))
        yield Path(coefficients, tuple(power if k == j else Fraction(1) for k in range(d)))


def _balanced(function: Function, expansion: Expansion) -> Iterator[Path]:
    d = len(function.variables)
    for model in _sums(function.tree, expansion):
        yield from _newton(model, d)
        yield from _weighted(model, d)


def _sums(root: tree.Node, expansion: Expansion) -> Iterator[Model]:
    """The models of the sums and of the differences compared."""
    for node, _ in tree.walk(root):
        pieces = (node,) if isinstance(node, tree.Sum) else ()
        if isinstance(node, tree.Comparison):
            a, b = node.operands[:2]
            pieces = (tree.Sum(node.span, (a, tree.Negate(node.span, b))),)
        for piece in pieces:
            try:
                yield expansion.model(piece)
            except NoModelError:
                # A sum that cannot be bounded offers no exponents; the others still do.
                continue


def _exponents(model: Model) -> list[tuple[tuple[Fraction, ...], sympy.Expr]]:
    """The monomials |h^a| of a sum, with their coefficients where these are exact."""
    if model.rest is None:
        return []
    exact = [(tuple(map(Fraction, key)), c) for key, c in model.poly.items() if any(key)]
    rest = [(key[1:], sympy.S.One) for key in model.rest.terms if any(key[1:]) and model.rest.order > 0]
    return [*exact, *rest]


def _newton(model: Model, d: int) -> Iterator[Path]:
    """Pairs h_i, h_j at which two monomials in them are of the same size."""
    monomials = _exponents(model)
    if len(monomials) > MONOMIALS:
        return
    for (p, a), (q, b) in permutations(monomials, 2):
        moving = [k for k in range(d) if p[k] != q[k]]
        if len(moving) != 2:
            continue
        i, j = moving
        top, bottom = p[i] - q[i], q[j] - p[j]
        if top * bottom <= 0:
            continue
        power = top / bottom
        yield from _scaled(i, j, power, abs(a / b), bottom, d)


def _scaled(i: int, j: int, power: Fraction, ratio: sympy.Expr, root: Fraction, d: int) -> Iterator[Path]:
    """h_j^root = ratio h_i^(power root), and curves at half and twice its height."""
    if power < 1:
        i, j, power, root, ratio = j, i, 1 / power, -power * root, 1 / ratio
    if not 1 <= power <= 12:
        return
    c = ratio ** (1 / sympy.Rational(abs(root).numerator, abs(root).denominator))
    for height in dict.fromkeys((sympy.S.One, c, c / 2, 2 * c)):
        yield from _pair(i, j, power, height, d)


def _weighted(model: Model, d: int) -> Iterator[Path]:
    """All coordinates at once, where every variable has a pure power in the sum."""
    if not 2 <= d <= MANY:
        return
    pure: dict[int, Fraction] = {}
    for exponents, _ in _exponents(model):
        moving = [k for k, e in enumerate(exponents) if e]
        if len(moving) == 1:
            (k,) = moving
            pure[k] = min(pure.get(k, exponents[k]), exponents[k])
    if len(pure) < d:
        return
    most = max(pure.values())
    weights = tuple(most / pure[k] for k in range(d))
    for signs in product((1, -1), repeat=d):
        yield Path(tuple(map(sympy.Integer, signs)), weights)


def length(vector: Sequence[sympy.Expr]) -> sympy.Expr:
    """The Euclidean length."""
    return sympy.sqrt(sympy.Add(*(c**2 for c in vector)))


def is_zero(expr: sympy.Expr) -> bool:
    """Whether an exact number is proven to be 0."""
    return sign_of(expr) == 0
