"""The page of gdcli rate at several widths: nothing wider than the page, columns that keep their place."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

import gdcli
from gdcli.descent.pictures.rates import rates_figure
from gdcli.render import Look, load
from gdcli.render.plots.terminal import draw
from gdcli.results.rate import RateReport

WIDTHS = (60, 80, 120, 200)
RUNS: dict[str, tuple[str, dict[str, object]]] = {
    "two": ("diabetes", {"seeds": 3, "steps": 200}),
    "many": ("diabetes", {"methods": ("gd", "nesterov", "armijo", "lbfgs", "newton", "sgd", "saga"), "steps": 100}),
    "diverged": ("diabetes", {"methods": ("gd",), "eta": "0.6"}),
    "separable": ("separable", {"seeds": 2, "steps": 100}),
    "kinks": ("engel", {"loss": "absolute", "seeds": 2, "steps": 100}),
    "one step": ("line", {"seeds": 1, "steps": 1}),
    "long name": (
        "line",
        {"methods": (f"heavy_ball(beta=0.5{40 * '0'})",), "steps": 9},
    ),
    "time": ("line", {"at": "time", "seeds": 2, "steps": 30}),
}


@cache
def measured(name: str) -> RateReport:
    problem, options = RUNS[name]
    return gdcli.rate(problem, **{"jobs": 1, "seeds": 2} | options)  # type: ignore[arg-type]


@pytest.mark.parametrize("verbose", [0, 1])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_no_line_is_wider_than_the_page(name: str, width: int, verbose: int) -> None:
    lines = load("text").result(measured(name), Look(width, False, verbose)).split("\n")
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_the_tables_columns_keep_their_place(name: str, width: int) -> None:
    lines = load("text").result(measured(name), Look(width)).split("\n")
    begin = next(i for i, line in enumerate(lines) if "1/eps^" in line)
    end = begin + next(i for i, line in enumerate(lines[begin:]) if not line)
    table = [line for line in lines[begin:end] if len(line.split()) > 1]
    assert len({len(line) for line in table}) == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_the_picture_is_a_frame_of_at_most_100_columns(name: str, width: int) -> None:
    lines = draw(rates_figure(measured(name)), Look(width, unicode=False)).split("\n")
    assert max(map(len, lines)) <= min(width, 100)
    rows = [line for line in lines if line.endswith("|")]
    assert len({len(line) for line in rows}) <= 1


def test_every_curve_is_in_the_page_and_in_the_comparison() -> None:
    report = measured("many")
    text = load("text").result(report, Look(60))
    for rate in report.methods:
        assert f"  {rate.method} " in text
    assert all(len(standing.gaps) == len(report.curves) for standing in report.standings)


def test_no_reader_sees_none_or_nan() -> None:
    for name in RUNS:
        for format in ("text", "markdown"):
            page = load(format).result(measured(name), Look(80))
            assert not {"None", "nan", "inf"} & set(page.replace("|", " ").replace(",", " ").split())


def test_names_of_a_file_are_data() -> None:
    report = dataclasses.replace(measured("one step"), data="a|b\x1b[31m", target="c\u202e")
    for format in ("text", "markdown"):
        page = load(format).result(report, Look(80))
        assert "\x1b" not in page
        assert "\u202e" not in page
