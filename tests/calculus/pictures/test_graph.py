"""Where a graph is looked at, and the breaks in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from gdcli.calculus.pictures.graph import reach, sampled, shown
from gdcli.calculus.pictures.sheet import even, levels, span

Graph = Callable[[float], float | None]


def pole(x: float) -> float | None:
    return None if x == 0 else 1 / x


def logarithm(x: float) -> float | None:
    return math.log(x) if x > 0 else None


@pytest.mark.parametrize(
    ("f", "at", "slope", "low", "high"),
    [
        (lambda x: x * x, 1.0, 2.0, 0.5, 4.0),
        (lambda x: 1e6 * x * x, 0.0, 0.0, 0.5, 4.0),
        (lambda x: x * x, 1000.0, 2000.0, 500.0, 4000.0),
        (lambda x: math.sin(50 * x), 0.0, 50.0, 0.01, 0.15),
        (lambda x: math.sin(x / 1e4), 0.0, 1e-4, 1e3, 1e5),
        (lambda x: math.exp(x), 50.0, math.exp(50), 0.5, 5.0),
        (pole, 1.0, -1.0, 0.2, 0.99),
        (logarithm, 0.5, 2.0, 0.1, 0.6),
        (lambda x: 3 * x + 1, 2.0, 3.0, 2.0, 2.0),
        (lambda x: 7.0, 0.0, 0.0, 1.0, 1.0),
        (lambda x: None, 0.0, 0.0, 1.0, 1.0),
    ],
)
def test_the_window_shows_how_f_leaves_its_tangent(f: Graph, at: float, slope: float, low: float, high: float) -> None:
    assert low <= reach(f, at, slope) <= high


@pytest.mark.parametrize(
    ("f", "breaks"),
    [
        (pole, [0.0]),
        (lambda x: math.copysign(1.0, x - 0.3), [0.3]),
        (lambda x: 1 / (x - 0.123), [0.123]),
        (lambda x: abs(x), []),
        (lambda x: math.atan(1e3 * x), []),
        (lambda x: x**3, []),
    ],
)
def test_a_curve_breaks_where_f_does_and_only_there(f: Graph, breaks: list[float]) -> None:
    x, y = sampled(f, -1.0, 1.0, 201)
    found = [a for a, value in zip(x, y, strict=True) if value is None]
    assert found == pytest.approx(breaks, abs=0.01)
    assert x == sorted(x)
    assert all(value == f(a) for a, value in zip(x, y, strict=True) if value is not None)


def test_heights_hold_the_tangent_and_cut_a_pole() -> None:
    x = [k / 100 for k in range(1, 200)]
    low, high = shown([1 / a for a in x], [2 - a for a in x])
    assert low < 0.0
    assert 2.0 < high < 20.0
    assert shown([a * a for a in x], [2 * a - 1 for a in x])[1] > x[-1] ** 2
    assert shown([5.0, 5.0], [5.0, 5.0]) == (2.5, 7.5)
    assert shown([None, None], [0.0, 1.0])[0] < 0.0


def test_levels_show_the_bottom_of_a_valley_and_its_walls() -> None:
    axis = span(0.0, 1.0, 40)
    rows = tuple(tuple(x * x + 100 * y * y for x in axis) for y in axis)
    found = levels(rows)
    assert 8 <= len(found) <= 11
    assert found[0] < 1.0 < 50.0 < found[-1] < 101.0
    assert list(found) == sorted(set(found))
    assert levels(((None, None),)) == levels(((3.0, 3.0),)) == ()


def test_even_levels_go_through_the_point() -> None:
    axis = span(0.0, 1.0, 20)
    found = even(tuple(tuple(x + y for x in axis) for y in axis), 0.3)
    gaps = [b - a for a, b in pairwise(found)]
    assert any(level == pytest.approx(0.3) for level in found)
    assert gaps == pytest.approx([gaps[0]] * len(gaps))
    assert even(((2.0, 2.0),), 2.0) == ()
