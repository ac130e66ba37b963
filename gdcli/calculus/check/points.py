"""Where two formulas are compared: small whole numbers and fractions first, then random rational points."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import mpmath

from gdcli.calculus.numeric import Numeric
from gdcli.language.tree import Comparison, Negate, Node, Number, walk

Point = Mapping[str, Fraction]

SMALL = tuple(map(Fraction, ("1", "2", "3", "-1", "1/2", "-2", "1/3", "-1/2")))
SCALES = tuple(map(Fraction, ("2", "1/2", "1", "8", "40", "1/50", "300")))
"""Widths of the boxes around 0 from which the random points are drawn."""
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
