"""Figures in characters: frames that keep their width, ASCII where there is no more, marks where the numbers say."""

from __future__ import annotations

import re

import pytest

from gdcli.render import Look
from gdcli.render.plots.terminal import draw
from gdcli.results.figure import Arrows, Axis, Band, Curve, Field, Figure, Panel, Points
from tests.render.plots.samples import FIGURES

WIDTHS = (60, 80, 100, 200)
CODES = re.compile(r"\x1b\[[0-9;]*m")
LOOKS = {"colour": (True, True), "mono": (False, True), "ascii": (False, False)}


def one(*marks: object, x: Axis | None = None, y: Axis | None = None, equal: bool = False) -> Figure:
    return Figure("t", "", "", (Panel("", x or Axis("x"), y or Axis("y"), marks, equal=equal),))  # type: ignore[arg-type]


def rows(figure: Figure, width: int = 60, unicode: bool = False) -> list[str]:
    """The cells inside the frame, from above."""
    edge = "│" if unicode else "|"
    lines = draw(figure, Look(width, unicode=unicode)).splitlines()
    return [line.split(edge, 1)[1][:-1] for line in lines if line.endswith(edge)]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_at_every_width(name: str, width: int, look: str) -> None:
    colour, unicode = LOOKS[look]
    text = draw(FIGURES[name], Look(width, colour, 0, unicode))
    assert text == draw(FIGURES[name], Look(width, colour, 0, unicode))
    plain = CODES.sub("", text)
    assert "\x1b" not in plain
    assert (plain == text) or colour
    assert unicode or text.isascii()
    lines = plain.splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    assert not any(line.endswith(" ") for line in lines)
    framed = [line for line in lines if line.endswith("│" if unicode else "|")]
    assert len({len(line) for line in framed}) <= len(FIGURES[name].panels)
    assert "\u202e" not in text


@pytest.mark.parametrize("power", [1.0, 2.0, 0.5])
def test_a_power_law_is_a_straight_line_on_log_log_axes(power: float) -> None:
    x = tuple(10.0**k for k in range(5))
    law = Curve("gap", "gap", x, tuple(10.0 ** (-power * k) for k in range(5)))
    cells = rows(one(law, x=Axis("t", log=True), y=Axis("gap", log=True)))
    width = len(cells[0])
    places = [(i, j) for j, row in enumerate(cells) for i, mark in enumerate(row) if mark == "g"]
    assert {i for i, _ in places} == set(range(width))
    decades = {1.0: 4, 2.0: 8, 0.5: 2}[power]
    for i, j in places:
        expected = power * 4 * (i + 0.5) / width / decades * len(cells) - 0.5
        assert abs(j - expected) <= 1.0


def test_points_stand_where_the_numbers_say() -> None:
    cells = rows(one(Points("data", "data", (0.0, 1.0, None, 0.5), (0.0, 1.0, 0.5, 0.5))))
    assert cells[-1][0] == "x"
    assert cells[0][-1] == "x"
    assert "".join(cells).count("x") == 3


def test_a_gap_breaks_a_curve_and_a_lonely_point_is_seen() -> None:
    curve = Curve("f", "function", (0.0, 1.0, 2.0, 3.0, 4.0), (0.0, 0.0, None, 0.0, 0.0))
    (drawn,) = [row for row in rows(one(curve)) if "f" in row]
    assert drawn.strip("f").strip() == ""
    assert abs(drawn.count(" ") - len(drawn) / 2) <= 2
    assert "f" in "".join(rows(one(Curve("f", "function", (0.0, 1.0, 2.0), (None, 3.0, None)))))


def test_bounds_do_not_stretch_the_frame() -> None:
    log = {"x": Axis("t", log=True), "y": Axis("gap", log=True)}
    gap = Curve("gap", "gap", (1.0, 100.0), (1.0, 0.1))
    bound = Curve("bound", "bound", (1.0, 10.0, 100.0), (1e9, 1.0, 0.1))
    text = draw(one(bound, gap, **log), Look(60, unicode=False))
    assert "1e+09" not in text
    assert "g gap   b bound" in text
    cells = rows(one(bound, gap, **log))
    assert cells[0][0] == "g"
    drawn = "".join(cells)
    assert 0 < drawn.count("b") < drawn.count("g")


def test_bands_rise_with_the_field_and_the_level_line_is_where_it_is() -> None:
    x = tuple(k / 10 for k in range(11))
    z = tuple(tuple(a for a in x) for _ in x)
    field = Field("", "function", x, x, z, (0.25, 0.5, 0.75))
    for row in rows(one(field)):
        values = [" .:-=+*%@#".index(c) for c in row]
        assert values == sorted(values)
        assert len(set(values)) == 4
    line = rows(one(Field("b", "boundary", x, x, z, (0.5,))))
    width = len(line[0])
    assert all(abs(row.index("B") - width / 2) <= 1 for row in line)


def test_arrows_point_along_the_direction_and_points_are_kept() -> None:
    many = (0.0, 0.25, 0.5, 0.75, 1.0)
    arrows = Arrows("a", "gradient", many, many, (1.0, 0.0, -1.0, 0.0, None), (0.0, 1.0, 0.0, -1.0, 1.0))
    drawn = "".join(rows(one(arrows), unicode=True))
    assert [c for c in drawn if c in "→↑←↓"] == ["↓", "←", "↑", "→"]
    start = Points("start", "start", (0.5,), (0.5,))
    path = Curve("path", "path", (0.0, 1.0), (0.0, 1.0))
    assert "S" in "".join(rows(one(start, path), unicode=True))


def test_several_of_a_role_have_a_letter_each() -> None:
    marks = [Curve(name, "gap", (0.0, 1.0), (k, k + 1.0)) for k, name in enumerate(("gd", "sgd", "saga"))]
    assert "G gd   S sgd   A saga" in draw(one(*marks), Look(80))


def test_equal_units_make_a_circle_round() -> None:
    from math import cos, pi, sin

    turn = [2 * pi * k / 100 for k in range(101)]
    cells = rows(one(Curve("c", "path", tuple(map(cos, turn)), tuple(map(sin, turn))), equal=True), 100)
    assert len(cells[0]) == pytest.approx(2 * len(cells), abs=1)


def test_a_million_points_and_numbers_without_end() -> None:
    x = tuple(map(float, range(10**6)))
    assert "f" in "".join(rows(one(Curve("f", "function", x, x))))
    wild = Curve("f", "function", (0.0, 1.0, 2.0, 3.0), (1e308, float("nan"), float("inf"), -1e300))
    assert "f" in "".join(rows(one(wild)))
    cut = Curve("f", "function", (0.0, 1.0), (-1e300, 1e300))
    assert "f" in "".join(rows(one(cut, y=Axis("y", range=(0.0, 1.0)))))


def test_a_band_and_a_constant() -> None:
    band = Band("error", "error", tuple(map(float, range(60))), (0.0,) * 60, (1.0,) * 60)
    assert "".join(rows(one(band))).count(":") > 500
    assert "f" in "".join(rows(one(Curve("f", "function", (0.0, 1.0), (7.0, 7.0)))))
