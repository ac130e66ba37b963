"""Lower bounds of polynomials near 0, from the part of lowest weighted degree.

With |h_i| of weight 1/m_i, m_i the lowest pure power of h_i in D, the part of weight 1 is checked to be of one sign
on the faces of the cube (rational interval arithmetic and bisection); every other term has a higher weight and is
small beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import sympy

from gdcli.calculus.differentiability.floor import Floor, monomial_floor
from gdcli.calculus.differentiability.magnitude import Magnitude
from gdcli.calculus.differentiability.model import Exponents, Model, NoModelError, Polynomial, size
from gdcli.calculus.differentiability.rounding import absolute_up, power_up, up
from gdcli.calculus.exact import sign_of

Box = tuple[tuple[Fraction, Fraction], ...]
BOXES = 3000
"""Boxes after which bisection gives up."""


def floor_of(u: Model, d: int, radius: Fraction) -> Floor:
    """A lower bound of |u|, of any shape this module knows. Raises NoModelError."""
    if u.floor is not None:
        return u.floor
    if u.rest is None or not u.poly:
        raise NoModelError("nothing bounds it from below")
    if len(u.poly) == 1 and u.is_exact:
        ((key, c),) = u.poly.items()
        even = not any(e % 2 for e in key)
        return monomial_floor(1 / _below(c), key, (sign_of(c) or 0) if even else 0)
    if d == 1:
        return _one_variable(u, radius)
    return _several_variables(u, d, radius)


def floor_of_sum(terms: Sequence[Model], d: int, radius: Fraction) -> Floor | None:
    """Of terms that are all >= 0, the sum of the lower bounds that are pure powers, one for every variable."""
    if any(term.sign != 1 for term in terms):
        return None
    found: dict[int, tuple[Fraction, Fraction]] = {}
    for term in terms:
        try:
            floor = floor_of(term, d, radius)
        except NoModelError:
            continue
        moving = [i for i, b in enumerate(floor.monomial) if b]
        if len(moving) == 1 and not floor.power:
            found[moving[0]] = (floor.monomial[moving[0]], floor.inverse)
    if len(found) < d:
        return None
    exponents = tuple(found[i][0] for i in range(d))
    return Floor(max(inverse for _, inverse in found.values()), (Fraction(0),) * d, exponents, Fraction(1), 1)


def _below(c: sympy.Expr) -> Fraction:
    """Not above |c|, for c != 0."""
    return 1 / absolute_up(1 / c)


def _one_variable(u: Model, radius: Fraction) -> Floor:
    lowest = min(u.poly)
    if not lowest[0]:
        raise NoModelError("its value at the point does not outweigh the rest at this radius")
    c = u.poly[lowest]
    others = size({key: a for key, a in u.poly.items() if key != lowest}) + (u.rest or Magnitude({}))
    inverse = _left(_below(c), others, (Fraction(lowest[0]),), radius)
    return monomial_floor(inverse, lowest, 0 if lowest[0] % 2 else (sign_of(c) or 0))


def _several_variables(u: Model, d: int, radius: Fraction) -> Floor:
    assert u.rest is not None
    exponents = _pure_powers(u.poly, d)
    weight = {key: sum((Fraction(e) / m for e, m in zip(key, exponents, strict=True)), Fraction(0)) for key in u.poly}
    main = {key: c for key, c in u.poly.items() if weight[key] == 1}
    if any(w < 1 for w in weight.values()):
        raise NoModelError("a term of lower weight")
    sign = sign_of(main[tuple(int(exponents[0]) if i == 0 else 0 for i in range(d))]) or 0
    least = _least_on_faces(main, sign, d)
    others = size({key: c for key, c in u.poly.items() if weight[key] > 1}) + u.rest
    inverse = _left(least, others, exponents, radius)
    return Floor(inverse, (Fraction(0),) * d, exponents, Fraction(1), sign)


def _pure_powers(poly: Polynomial, d: int) -> tuple[Fraction, ...]:
    lowest = []
    for i in range(d):
        pure = [key[i] for key in poly if key[i] and sum(key) == key[i]]
        if not pure or min(pure) % 2:
            raise NoModelError("no even pure power of some variable")
        lowest.append(Fraction(min(pure)))
    return tuple(lowest)


def _left(least: Fraction, others: Magnitude, exponents: tuple[Fraction, ...], radius: Fraction) -> Fraction:
    """1/c with least S - others >= c S, where S is the sum of the powers and S <= sum rho^m_i."""
    total = sum((power_up(radius, m) for m in exponents), Fraction(0))
    for (norm, *powers), c in others.terms.items():
        weight = sum((a / m for a, m in zip(powers, exponents, strict=True)), Fraction(0)) - 1
        if weight < 0 or norm < 0:
            raise NoModelError("a rest that is not smaller")
        # For weight 0 only a positive power of the norm makes the term small; the subtraction decides.
        least -= c * power_up(radius, norm) * (power_up(total, weight) if weight else 1)
    if least <= 0:
        raise NoModelError("the rest is too large at this radius")
    return up(1 / least)


def _least_on_faces(main: Polynomial, sign: int, d: int) -> Fraction:
    """c > 0 with sign P >= c (|h1|^m1 + ... + |hd|^md), by the least value on the faces where one |h_i| is 1."""
    terms = {key: Fraction(int(c.p), int(c.q)) * sign for key, c in main.items() if c.is_Rational}
    if len(terms) < len(main):
        raise NoModelError("irrational coefficients")
    if all(c > 0 and not any(e % 2 for e in key) for key, c in terms.items()):
        return min(c for key, c in terms.items() if max(key) == sum(key))
    least = min((_least(terms, face) for face in _faces(d)), default=Fraction(0))
    return least / d


def _faces(d: int) -> Iterator[Box]:
    free = (Fraction(-1), Fraction(1))
    for i, end in product(range(d), free):
        yield tuple((end, end) if k == i else free for k in range(d))


def _least(terms: Mapping[Exponents, Fraction], face: Box) -> Fraction:
    """A positive lower bound on a face, by bisection until each box shows half of what its corners have."""
    boxes, seen, least = [face], 0, None
    while boxes:
        seen += 1
        if seen > BOXES:
            raise NoModelError("not shown positive on the faces of the cube")
        box = boxes.pop()
        low = sum((_lower(c, key, box) for key, c in terms.items()), Fraction(0))
        nearest = min(_value(terms, corner) for corner in product(*box))
        if nearest <= 0:
            raise NoModelError("not positive on the faces of the cube")
        if 2 * low >= nearest:
            least = low if least is None else min(least, low)
            continue
        boxes += _halves(box)
    assert least is not None
    return least


def _value(terms: Mapping[Exponents, Fraction], corner: tuple[Fraction, ...]) -> Fraction:
    value = Fraction(0)
    for key, c in terms.items():
        for x, e in zip(corner, key, strict=True):
            c *= x**e
        value += c
    return value


def _lower(c: Fraction, key: Exponents, box: Box) -> Fraction:
    low, high = c, c
    for (a, b), e in zip(box, key, strict=True):
        if e:
            ends = (a**e, b**e)
            least = Fraction(0) if e % 2 == 0 and a < 0 < b else min(ends)
            products = [x * y for x in (low, high) for y in (least, max(ends))]
            low, high = min(products), max(products)
    return low


def _halves(box: Box) -> list[Box]:
    i = max(range(len(box)), key=lambda k: box[k][1] - box[k][0])
    a, b = box[i]
    middle = (a + b) / 2
    return [(*box[:i], (a, middle), *box[i + 1 :]), (*box[:i], (middle, b), *box[i + 1 :])]
