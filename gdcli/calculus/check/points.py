"""Where two formulas are compared: small whole numbers and fractions first, then random rational points."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

import mpmath

from gdcli.calculus.numeric import Numeric
from gdcli.language.tree import Call, Comparison, Negate, Node, Number, walk

Point = Mapping[str, Fraction]

SMALL = tuple(map(Fraction, ("1", "2", "3", "-1", "1/2", "-2", "1/3", "-1/2")))
SCALES = tuple(map(Fraction, ("2", "1/2", "1", "8", "40", "1/50", "300")))
"""Widths of the boxes around 0 from which the random points are drawn."""
CORNERS = ("abs", "max", "min", "relu", "sign")
FAR = Fraction(10**12)
TRIES = 600
"""Random points tried before a formula counts as undefined almost everywhere."""
AXES = 3


def small_points(variables: Sequence[str], edges: Sequence[Fraction] = ()) -> Iterator[Point]:
    """Points a reader can put in by hand; for one variable the `edges` of its cases among them."""
    size = len(SMALL)
    for step in (1, 0, 3):
        for shift in range(size):
            yield {name: SMALL[(shift + step * k) % size] for k, name in enumerate(variables)}
    yield dict.fromkeys(variables, Fraction(0))
    if len(variables) == 1:
        yield from ({variables[0]: edge} for edge in edges)
        return
    for axis in variables[:AXES]:
        yield {name: Fraction(int(name == axis)) for name in variables}


def random_points(variables: Sequence[str], seed: int = 0) -> Iterator[Point]:
    """Points of both signs and many sizes: the same ones for the same seed."""
    draw = random.Random(seed)
    for k in range(TRIES):
        scale = SCALES[k % len(SCALES)]
        yield {name: scale * Fraction(draw.randint(-96, 96), 97) + Fraction(1, 89) for name in variables}


def edges_of(*formulas: Node) -> list[Fraction]:
    """The numbers that the conditions of the formulas compare with."""
    found = set()
    for formula in formulas:
        for node, _ in walk(formula):
            if isinstance(node, Comparison):
                found |= {value for operand in node.operands for value in _numbers(operand)}
    return sorted(islice(found, 12))


def beside_corners(variables: Sequence[str], *formulas: Node) -> Iterator[Point]:
    """Points between and beyond the numbers at which the formulas may change their case, along each of a few axes.

    A case that holds only far from 0, or on a short stretch, is met by no random point.
    """
    marks = sorted(_marks(*formulas))
    if not marks:
        return
    places = [marks[0] - 1, *((low + high) / 2 for low, high in pairwise(marks)), marks[-1] + 1]
    for axis, place in product(variables[:AXES], places):
        yield {name: place if name == axis else SMALL[(k + 1) % len(SMALL)] for k, name in enumerate(variables)}


def _marks(*formulas: Node) -> set[Fraction]:
    """The numbers within conditions, |u|, max(u, v) and their kin, of both signs, and one beyond their products."""
    sizes: set[Fraction] = set()
    for formula in formulas:
        for node, _ in walk(formula):
            if isinstance(node, Comparison) or (isinstance(node, Call) and node.name in CORNERS):
                sizes |= {abs(piece.value) for piece, _ in walk(node) if isinstance(piece, Number)}
    sizes = set(sorted(size for size in sizes if 0 < size <= FAR)[:12])
    if sizes:
        sizes.add(min(FAR, math.prod((max(size, 1 / size) for size in sizes), start=Fraction(1))))
    return {sign * size for size in sizes for sign in (1, -1)}


def _numbers(operand: Node) -> Iterator[Fraction]:
    if isinstance(operand, Number):
        yield operand.value
    elif isinstance(operand, Negate) and isinstance(operand.operand, Number):
        yield -operand.operand.value


def is_on_edge(point: Point, *formulas: Node) -> bool:
    """Whether two sides of a condition are equal at the point: there a formula of cases may hide a value of its own."""
    for formula in formulas:
        for node, _ in walk(formula):
            if isinstance(node, Comparison):
                sides = [value_at(Numeric(operand), point) for operand in node.operands]
                if len(set(sides)) < len(sides):
                    return True
    return False


def value_at(numeric: Numeric, point: Point) -> Any:
    """The value at a rational point in the working precision of mpmath, None where there is none."""
    return numeric.at({name: mpmath.mpf(value.numerator) / value.denominator for name, value in point.items()})
