"""The log's columns keep their place for every number a run can come to; colours say nothing that words do not."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest

import gdcli
from gdcli.render import Look, load
from gdcli.render.text.descend.numbers import duration, fitting, time
from gdcli.render.text.descend.table import title
from gdcli.results.descend import DrawnStepReport, RunReport, StepReport

WIDTHS = [60, 80, 100, 120, 200]
# The least and the most digits, exponents of three digits, signs, nothing, and what is no number.
NUMBERS = [0.0, 1.0, -1.2345678901234e-300, 1.2345678901234e300, 123456789.123456789, -0.00012345678, 1e-5, 7.0 / 3.0]
KINDS: dict[str, dict[str, Any]] = {
    "gd": {"method": "gd"},
    "adam": {"method": "adam"},
    "sgd": {"method": "sgd"},
    "sgd alone": {"method": "sgd", "averaging": "none"},
    "held out": {"method": "gd", "holdout": 0.2},
    "drawn, held out": {"method": "saga", "holdout": 0.2},
    "averaged, held out": {"method": "sgd", "holdout": 0.2},
}


def report(kind: str) -> RunReport:
    return gdcli.descend("diabetes", steps=3, **KINDS[kind])


def line(report: RunReport, look: Look, number: float, step: int) -> str:
    """A line of the log with this number in all places."""
    kind = DrawnStepReport if report.head.sampling is not None else StepReport
    shown = kind(
        step, abs(number), number, number, number, number, number, abs(number), abs(number), min(abs(number), 3e7)
    )
    if report.head.averaging is not None:
        shown = replace(shown, averaged_gap=number)
    if report.head.rows_holdout is not None:
        shown = replace(shown, risk_holdout=number)
    return load("text").step(shown, look).rstrip("\n")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_columns_keep_their_place_whatever_the_numbers(kind: str, width: int) -> None:
    look, made = Look(width, False, 0), report(kind)
    head = title(made.head, look)
    ends = [match.end() for match in re.finditer(r"gap R - R\*|\|grad R\||avg\. gap|its bound|\S+", head)]
    for number, step in itertools.product(NUMBERS, (0, 99_999_999, 10**9, 123_456_789_012)):
        shown = line(made, look, number, step)
        assert len(shown) == len(head) <= width
        assert all(shown[end - 1] != " " and (end == len(shown) or shown[end] == " ") for end in ends)


@pytest.mark.parametrize(
    ("kind", "has"), [("gd", False), ("adam", True), ("sgd", True), ("sgd alone", True), ("drawn, held out", True)]
)
def test_epochs_stand_where_rows_are_drawn(kind: str, has: bool) -> None:
    made = report(kind)
    head = title(made.head, Look(80, False, 0))
    assert ("epoch" in head.split()) == has
    if has:
        assert line(made, Look(80, False, 0), 0.25, 7).split()[:2] == ["7", "0.25"]


@pytest.mark.parametrize(
    ("value", "digits", "room", "text"),
    [
        (None, 3, 9, "-"),
        (1.2345678e300, 8, 14, "1.2345678e+300"),
        (1.2345678e300, 8, 9, "1.23e+300"),
        (1e9, 8, 8, "1e+09"),
        (123456789, 12, 11, "123456789"),
        (1234567890123, 12, 8, "1.23e+12"),
        (0.1, 8, 12, "0.1"),
    ],
)
def test_as_many_digits_as_find_room(value: float | None, digits: int, room: int, text: str) -> None:
    assert fitting(value, digits, room) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.000 s"),
        (0.0123, "0.012 s"),
        (9.9996, "10.00 s"),
        (599.99, "599.99 s"),
        (600.0, "10.0 min"),
        (5996.0, "99.9 min"),
        (6000.0, "1.667 h"),
        (3.6e6, "1000 h"),
    ],
)
def test_times_of_the_log(seconds: float, text: str) -> None:
    assert time(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.00 s"), (0.0123, "0.012 s"), (0.5, "0.50 s"), (12.345, "12.35 s"), (1800.0, "30.0 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(
    ("options", "painted"),
    [
        ({"gap": 100.0}, r"\x1b\[1;32mRisk gap "),
        ({"eta": "3/L"}, r"\x1b\[1;31mRisk gap (.|\n)*\x1b\[31mstopped .*\n?.*diverged"),
        ({"steps": 2}, r"\x1b\[1mRisk gap "),
    ],
    ids=str,
)
def test_the_end_is_green_at_the_goal_and_red_when_lost(options: dict[str, Any], painted: str) -> None:
    made = gdcli.descend("diabetes", **options)
    coloured, bare = (load("text").result(made, Look(80, colour, 0)) for colour in (True, False))
    assert re.search(painted, coloured)
    assert plain(coloured) == bare


def test_a_bound_that_does_not_hold_is_red_and_others_are_not() -> None:
    made = report("gd")
    look = Look(80, True, 0)
    above = StepReport(1, 1.0, 9.0, 4.0, 4.0, 4.0, 3.0, 1.0, 1.0, 0.0)
    assert re.search(r"\x1b\[31m +3\x1b\[0m", load("text").step(above, look))
    assert "\x1b" not in load("text").step(replace(above, bound=5.0), look)
    assert "\x1b" not in load("text").step(replace(above, averaged_gap=4.0), look)
    assert made.head.averaging is None
