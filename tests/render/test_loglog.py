"""A picture on log-log axes: a power law is a straight line, bounds are cut at the frame, nothing too wide."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.render.text.loglog import DOTS, HEIGHT, MARGIN, picture


def marks_of(lines: list[str], mark: str) -> dict[int, int]:
    """Column -> row of a mark."""
    body = [line[MARGIN + 1 :] for line in lines[1 : HEIGHT + 1]]
    return {j: i for i, row in enumerate(body) for j, cell in enumerate(row) if cell == mark}


@pytest.mark.parametrize("power", [1.0, 2.0, 0.5])
def test_a_power_law_is_a_straight_line(power: float) -> None:
    points = [(10.0**k, 10.0 ** (-power * k)) for k in range(5)]
    lines = picture({"a": points}, {"a": "*"}, 80)
    places = marks_of(lines, "*")
    columns = 80 - MARGIN - 2
    assert sorted(places) == list(range(columns))
    decades = math.ceil(4 * power)
    for column, row in places.items():
        expected = power * 4 * column / (columns - 1) / decades * (HEIGHT - 1)
        assert abs(row - expected) <= 0.5 + 1e-9
    assert lines[1].startswith(" 1e+00 |*")
    assert lines[-1].split()[0] == "1e+00"
    assert lines[-1].split()[-1] == "1e+04"


def test_bounds_do_not_stretch_the_frame_and_curves_lie_over_them() -> None:
    gap = [(1.0, 1.0), (100.0, 0.1)]
    bound = [(1.0, 1e9), (10.0, 1.0), (100.0, 0.1)]
    lines = picture({"bound": bound, "gap": gap}, {"bound": DOTS, "gap": "*"}, 60)
    assert lines[1].startswith(" 1e+00 |*")
    assert marks_of(lines, ".")
    assert all(row < HEIGHT for row in marks_of(lines, ".").values())
    assert marks_of(lines, "*")[60 - MARGIN - 3] == HEIGHT - 1


@pytest.mark.parametrize("points", [[], [(0.0, 1.0)], [(1.0, 0.0), (2.0, -1.0)], [(1.0, math.inf), (math.nan, 1.0)]])
def test_nothing_positive(points: list[tuple[float, float]]) -> None:
    assert picture({"a": points}, {"a": "*"}, 80) == ["nothing positive to draw"]


FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(st.integers(0, 10**12).map(float), FLOATS), max_size=30), st.integers(40, 200))
@settings(max_examples=200, deadline=None)
def test_any_points_fit(points: list[tuple[float, float]], width: int) -> None:
    lines = picture({"a": sorted(points)}, {"a": "*"}, width)
    assert all(line.isascii() and len(line) <= width for line in lines)
    good = [(x, y) for x, y in points if x > 0 and 0 < y < math.inf]
    assert bool(good) == (len(lines) == HEIGHT + 3)
    assert not good or any("*" in line for line in lines)
