"""Boxes as they are typed, and every way to mistype one."""

from __future__ import annotations

import math

import pytest

from gdcli.calculus.interval.box import everywhere, parse_box
from gdcli.calculus.interval.region import Region
from gdcli.errors import FormulaError, UsageError

INF = math.inf


@pytest.mark.parametrize(
    ("text", "outer", "shown"),
    [
        ("-2..2", ((-2.0, 2.0), (-2.0, 2.0)), "x in [-2, 2], y in [-2, 2]"),
        ("x=-2..2, y=0..inf", ((-2.0, 2.0), (0.0, INF)), "x in [-2, 2], y in [0, inf]"),
        (" y = -inf..1/2 , x = sqrt(4) .. 2^3", ((2.0, 8.0), (-INF, 0.5)), "x in [2, 8], y in [-inf, 1/2]"),
        ("x=0...1, y=max(0, 1)..2", ((0.0, 1.0), (1.0, 2.0)), "x in [0, 1], y in [1, 2]"),
        ("-inf..inf", ((-INF, INF), (-INF, INF)), "R^2"),
    ],
)
def test_a_box_is_read(text: str, outer: object, shown: str) -> None:
    region = Region.of(parse_box(text, ("x", "y")))
    assert region.outer == outer
    assert region.shown == shown


def test_ends_that_are_no_doubles_are_enclosed() -> None:
    region = Region.of(parse_box("0.1..pi", ("x",)))
    (low, high), (inner_low, inner_high) = region.outer[0], region.inner[0]
    assert low < 0.1 <= inner_low
    assert math.nextafter(low, 1.0) == inner_low
    assert inner_high < math.pi < high


def test_everywhere_is_all_of_the_space() -> None:
    assert Region.of(everywhere(("x",))).shown == "R"


@pytest.mark.parametrize(
    ("text", "message", "hint", "place"),
    [
        ("x=1", "not a range", "x=-2..2", 2),
        ("x=1..2", "no range for y", "x=-2..2", 0),
        ("x=1..2, z=0..1", "there is no variable z", "the variables are x, y", 7),
        ("x=1..2, x=0..1", "x is given twice", "one range", 7),
        ("x=1..2, 0..1", "a range without its variable", "x=-2..2", 7),
        ("x=inf..2, y=0..1", "inf on the wrong side", "-inf..inf", 2),
        ("x=1..2*, y=0..1", "", None, None),
        ("x=1..q, y=0..1", "q is a variable", "write a number", 5),
        ("2x=1..2, y=0..1", "is not the name of a variable", "use a letter", 0),
        ("", "not a range", "x=-2..2", 0),
    ],
)
def test_a_mistyped_box_says_where_and_why(text: str, message: str, hint: str | None, place: int | None) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_box(text, ("x", "y"))
    assert message in caught.value.message
    assert caught.value.source == text
    if hint is not None:
        assert hint in (caught.value.hint or "")
    if place is not None:
        assert caught.value.start == place


@pytest.mark.parametrize("text", ["2..-2", "1..1", "x=0..1, y=sqrt(2)..1"])
def test_an_empty_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is empty") as caught:
        Region.of(parse_box(text, ("x", "y")))
    assert "smaller end first" in (caught.value.hint or "")
