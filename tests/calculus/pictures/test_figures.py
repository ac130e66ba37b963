"""The figures of the calculus: the marks that they must have, with numbers that mpmath and the report agree to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import mpmath
import pytest

from gdcli.calculus.difference.report import derive_report
from gdcli.calculus.pictures.derive import derive_figure
from gdcli.calculus.pictures.steepest import steepest_figure
from gdcli.calculus.pictures.tangent import tangent_figure
from gdcli.calculus.report_tangent import tangent_report
from gdcli.calculus.steepest.report import steepest_report
from gdcli.errors import DomainError
from gdcli.language import Formula, parse
from gdcli.results.figure import Arrows, Band, Curve, Field, Figure, Panel, Points

M = TypeVar("M", Arrows, Band, Curve, Field, Points)


def at(formula: Formula, *numbers: str) -> dict[str, Formula]:
    return dict(zip(formula.variables, map(parse, numbers), strict=True))


def tangent(text: str, *numbers: str, slopes: tuple[str, ...] = ()) -> Figure:
    formula = parse(text)
    report = tangent_report(formula, at(formula, *numbers), [at(formula, slope) for slope in slopes])
    return tangent_figure(formula, report)


def marks(panel: Panel, kind: type[M], role: str) -> list[M]:
    return [mark for mark in panel.marks if isinstance(mark, kind) and mark.role == role]


LINES: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("x^2", "1", lambda x: x * x),
    ("1/x", "1", lambda x: 1 / x),
    ("log(x)", "1/2", mpmath.log),
    ("sin(50x)", "0", lambda x: mpmath.sin(50 * x)),
    ("exp(x)", "50", mpmath.exp),
    ("x^2*sin(1/x) if x != 0 else 0", "1/10", lambda x: x * x * mpmath.sin(1 / x) if x else mpmath.mpf(0)),
]


@pytest.mark.parametrize(("text", "place", "f"), LINES)
def test_the_curve_the_line_and_the_band_are_f_the_tangent_and_the_error(
    text: str, place: str, f: Callable[[Any], Any]
) -> None:
    figure = tangent(text, place)
    panel = figure.panels[0]
    (curve,), (line,), (band,) = (
        marks(panel, Curve, "function"),
        marks(panel, Curve, "tangent"),
        marks(panel, Band, "error"),
    )
    known = [(x, y) for x, y in zip(curve.x, curve.y, strict=True) if x is not None and y is not None]
    assert len(known) > 200
    with mpmath.workdps(40):
        assert [y for _, y in known] == pytest.approx(
            [float(f(mpmath.mpf(x))) for x, _ in known], rel=1e-15, abs=1e-300
        )
        x0 = mpmath.mpf(parse(place).source.split("/")[0]) / (int(place.split("/")[1]) if "/" in place else 1)
        slope, value = mpmath.diff(f, x0), f(x0)
    ends = [float(value + slope * (x - x0)) for x in line.x if x is not None]
    assert list(line.y) == pytest.approx(ends, rel=1e-12, abs=1e-12)
    assert band.lower == curve.y
    assert panel.x.range == (curve.x[0], curve.x[-1])


def test_the_sample_error_is_the_remainder_there() -> None:
    panel = tangent("x^2", "1").panels[0]
    (segment,) = marks(panel, Curve, "error")
    assert segment.x == (1.6, 1.6)
    assert segment.y == pytest.approx((2.2, 2.56))
    assert segment.label == "$r(h)$ at $h = 0.6$"


def test_the_second_panel_is_the_decay_table_and_a_rival_levels_off() -> None:
    figure = tangent("x^2", "1", slopes=("3",))
    panel = figure.panels[1]
    assert (panel.x.log, panel.y.log) == (True, True)
    ahead, back = marks(panel, Curve, "gap")
    assert ahead.x == pytest.approx([10.0**-k for k in range(1, 7)])
    assert ahead.y == pytest.approx(ahead.x)
    assert back.y == pytest.approx(back.x)
    (rival,) = marks(panel, Curve, "other")
    assert rival.y[-1] == pytest.approx(1.0, abs=1e-5)
    assert [mark.label for mark in marks(figure.panels[0], Curve, "other")] == ["slope 3"]


def test_what_is_its_own_tangent_has_no_error_to_draw() -> None:
    figure = tangent("3x + 1", "2")
    assert len(figure.panels) == 1
    assert marks(figure.panels[0], Curve, "error") == []
    assert figure.notes == ("r = 0: f is its own tangent.",)


def test_the_sample_is_taken_to_the_left_where_f_ends_on_the_right() -> None:
    (segment,) = marks(tangent("sqrt(1-x)", "0.99").panels[0], Curve, "error")
    assert segment.x[0] is not None


def test_a_surface_stands_with_its_tangent_plane_on_three_axes() -> None:
    figure = tangent("x^2 y + sin(y)", "1", "-2")
    panel = figure.panels[0]
    assert panel.z is not None
    (surface,), (plane,) = marks(panel, Field, "function"), marks(panel, Field, "tangent")
    for i in (0, 7, 20):
        for j in (3, 14):
            x, y = surface.x[i], surface.y[j]
            if surface.z[j][i] is not None:
                assert surface.z[j][i] == pytest.approx(x * x * y + float(mpmath.sin(y)), rel=1e-14)
            slope = 1 + float(mpmath.cos(-2))
            value = -2 + float(mpmath.sin(-2))
            assert plane.z[j][i] == pytest.approx(value - 4 * (x - 1) + slope * (y + 2), rel=1e-13, abs=1e-13)
    (point,) = marks(panel, Points, "start")
    assert (point.x, point.y) == ((1.0,), (-2.0,))


def test_a_figure_is_titled_with_its_formula_and_place() -> None:
    figure = tangent("x1^2 x2", "1/2", "pi")
    assert figure.title == "tangent plane at x1 = 1/2, x2 = pi"
    assert figure.text == "f(x1, x2) = x1**2*x2"
    assert figure.formula == "f(x_{1}, x_{2}) = x_{1}^{2} x_{2}"


@pytest.mark.parametrize(("text", "place"), [("exp(x)", "800"), ("10^400*x^2", "1")])
def test_numbers_beyond_the_doubles_are_refused_with_a_remedy(text: str, place: str) -> None:
    with pytest.raises(DomainError, match="too large for a picture"):
        tangent(text, place)


def directions(text: str, *numbers: str, along: tuple[str, ...] = ()) -> Figure:
    formula = parse(text)
    wanted = [at(formula, *direction.split(",")) for direction in along]
    return steepest_figure(formula, steepest_report(formula, at(formula, *numbers), wanted))


def test_ascent_descent_and_level_stand_at_the_point_on_the_level_set() -> None:
    panel = directions("x1^2 x2", "1", "-2", along=("3,4",)).panels[0]
    assert panel.equal
    (ascent,), (descent,), (level,) = (marks(panel, Arrows, role) for role in ("gradient", "path", "gap"))
    length = 17**0.5
    assert (ascent.u[0], ascent.v[0]) == pytest.approx((-4 / length, 1 / length))
    assert (descent.u[0], descent.v[0]) == pytest.approx((4 / length, -1 / length))
    assert all(
        u * ascent.u[0] + v * ascent.v[0] == pytest.approx(0, abs=1e-15) for u, v in zip(level.u, level.v, strict=True)
    )  # type: ignore[operator]
    assert (level.x, level.y) == ((1.0, 1.0), (-2.0, -2.0))
    (along,) = marks(panel, Arrows, "other")
    assert along.label == "along (3, 4), slope -1.6"
    (through,) = marks(panel, Field, "boundary")
    assert through.levels == (-2.0,)
    (field,) = marks(panel, Field, "function")
    assert field.z[5][9] == pytest.approx(field.x[9] ** 2 * field.y[5], rel=1e-14)
    assert any(value == pytest.approx(-2.0) for value in field.levels)


def test_a_stationary_point_says_that_no_direction_is_steepest() -> None:
    figure = directions("x^2 + 100y^2", "0", "0")
    assert not any(isinstance(mark, Arrows) for mark in figure.panels[0].marks)
    assert figure.notes == ("The gradient is 0 here: no direction is steepest.",)


def test_without_a_gradient_there_are_no_directions_to_draw() -> None:
    with pytest.raises(DomainError, match="no gradient here to draw"):
        directions("|x| + y", "0", "0")


def secants(text: str, number: str) -> Figure:
    formula = parse(text)
    return derive_figure(formula, derive_report(formula, at(formula, number), None))


def test_secants_have_the_slope_of_the_quotient_and_turn_into_the_tangent() -> None:
    figure = secants("x^2", "1")
    lines = marks(figure.panels[0], Curve, "other")
    assert [line.label.split(":")[0] for line in lines] == ["$h = 0.9$", "$h = 0.45$", "$h = 0.2$", "$h = -0.9$"]
    found = [(line.y[1] - line.y[0]) / (line.x[1] - line.x[0]) for line in lines]  # type: ignore[operator]
    assert found == pytest.approx([2.9, 2.45, 2.2, 1.1])
    (limit,) = marks(figure.panels[0], Curve, "tangent")
    assert limit.y == pytest.approx((-1.0, 3.0))


def test_where_the_sides_do_not_agree_there_are_two_limits_and_no_tangent() -> None:
    figure = secants("|x|", "0")
    assert marks(figure.panels[0], Curve, "tangent") == []
    assert [mark.y for mark in marks(figure.panels[1], Curve, "bound")] == [(1.0, 1.0), (-1.0, -1.0)]
    ahead, back = marks(figure.panels[1], Curve, "gap")
    assert set(ahead.y) == {1.0}
    assert set(back.y) == {-1.0}
