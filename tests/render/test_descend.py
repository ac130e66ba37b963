"""The page of a run: true digits, intervals rounded outwards, nothing wider than the page, nothing cut in silence."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdcli
from gdcli.data.dataset import Dataset
from gdcli.descent import report as reports
from gdcli.descent.load import Source, open_problem
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.render import Look, load
from gdcli.results.descend import RunReport, StepReport
from gdcli.results.findings import Bound, Kinks

WIDTHS = [60, 80, 120, 200]
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "squared": ("diabetes", {"steps": 20}),
    "raw": ("diabetes", {"steps": 20, "standardise": False}),
    "ridge": ("longley", {"steps": 20, "l2": 0.1}),
    "sparse": ("diabetes", {"steps": 20, "l1": 2.0}),
    "origin": ("engel", {"steps": 20, "intercept": False}),
    "logistic": ("breast_cancer", {"steps": 20}),
    "separable": ("separable", {"steps": 20}),
    "quasi-separable": ("quasi_separable", {"steps": 20}),
    "huber": ("engel", {"steps": 20, "loss": "huber"}),
    "kinks": ("engel", {"steps": 20, "loss": "absolute"}),
    "fourth power": ("engel", {"steps": 3, "loss": "(p - y)^4", "eta": "1e-7"}),
    "local": ("engel", {"steps": 20, "loss": "log(1 + (p - y)^2)"}),
    "diverged": ("diabetes", {"eta": "3/L"}),
    "sgd": ("wine_alcohol", {"method": "sgd", "steps": 300}),
    "shuffle": ("wine_alcohol", {"method": "sgd", "steps": 300, "sampling": "shuffle", "batch": 3}),
    "order": ("wine_alcohol", {"method": "sgd", "steps": 300, "sampling": "order"}),
    "many parameters": ("digits01", {"steps": 3}),
}


@cache
def streamed(name: str) -> tuple[RunReport, tuple[StepReport, ...]]:
    problem, options = RUNS[name]
    dataset, chosen = open_problem(Source(problem), options)
    ticks = itertools.count()
    run = Run(prepare(dataset, chosen), lambda: next(ticks) / 64)
    steps = list(run)
    last = reports.run_report(run, steps[-1], reading=0.25, preparing=0.5)
    return last, tuple(map(reports.step_report, steps))


def page(report: RunReport, width: int = 80, verbose: int = 0) -> str:
    return load("text").result(report, Look(width, False, verbose))


def words(text: str) -> str:
    return " ".join(text.split())


def head(report: RunReport, width: int = 80, verbose: int = 0) -> str:
    return load("text").head(report.head, Look(width, False, verbose))


@pytest.mark.parametrize("verbose", [0, 1])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_no_line_is_wider_than_the_page(name: str, width: int, verbose: int) -> None:
    report, steps = streamed(name)
    look = Look(width, False, verbose)
    log = [load("text").step(step, look) for step in steps]
    lines = "".join([head(report, width, verbose), "\n", *log, page(report, width, verbose)]).split("\n")
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_columns_keep_their_place(name: str, width: int) -> None:
    report, steps = streamed(name)
    look = Look(width, False, 0)
    title = head(report, width).rstrip("\n").split("\n")[-1]
    ends = [match.end() for match in re.finditer(r"gap R - R\*|\|grad R\||avg\. gap|its bound|R - R_loc|\S+", title)]
    for step in steps:
        line = load("text").step(step, look).rstrip("\n")
        assert len(line) == len(title)
        assert all(line[end - 1] != " " and (end == len(line) or line[end] == " ") for end in ends)


@pytest.mark.parametrize("name", RUNS)
def test_most_readers_want_a_few_lines(name: str) -> None:
    report, _ = streamed(name)
    assert len(page(report, 200).strip().split("\n")) <= 11
    assert "None" not in page(report, 80, 1)
    assert not re.search(r"\b(inf|nan)\b", page(report, 80, 1)) or name == "diverged"


@pytest.mark.parametrize("name", RUNS)
def test_all_is_said_with_v(name: str) -> None:
    report, _ = streamed(name)
    shown = words(page(report, 80, 1))
    for parameter in report.theta:
        assert parameter in shown
    for wanted in (report.head.data.sha256, report.head.optimum.method, report.head.loss_second, "theta_0", "lambda"):
        assert words(wanted) in shown
    for bound in report.bounds:
        assert bound.name in shown
    assert "0.250 s reading, 0.500 s preparing" in shown
    for title in ("Data", "Risk", "Optimum and certificate", "Constants", "Run", "Parameters"):
        assert f"\n{title}" in page(report, 80, 1)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RUNS)
def test_parameters_are_shown_or_counted(name: str, width: int) -> None:
    report, _ = streamed(name)
    shown = words(page(report, width).split("\ntheta ")[1])
    rest = re.search(r"\.\.\. (\d+) more with -v$", shown)
    named = [parameter for parameter in report.theta if f" {parameter} " in f" {shown} "]
    assert len(named) + (int(rest[1]) if rest else 0) == len(report.theta)


def test_one_of_a_thing_is_singular() -> None:
    report = gdcli.descend("line", steps=1)
    assert "stopped     1 step, 0." in page(report)
    assert "5 rows x 1 feature, " in head(report)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("eta", ["1/L", "0.7/L", "2.9/L"])
@pytest.mark.parametrize("problem", ["line", "diabetes", "iris", "stackloss"])
def test_the_printed_interval_holds_the_certified_one(problem: str, eta: str, width: int) -> None:
    report = gdcli.descend(problem, steps=7, eta=eta)
    printed = re.search(r"certified in \[(\S+), (\S+)\]", words(page(report, width)))
    assert printed is not None
    lower, upper = map(Fraction, printed.groups())
    assert lower <= Fraction(report.gap_lower) <= Fraction(report.gap_upper) <= upper


def test_rows_that_can_be_told_apart_are_named() -> None:
    assert "separated all 80 rows" in words(page(streamed("separable")[0]))
    report, _ = streamed("quasi-separable")
    named = ", ".join(map(str, report.head.optimum.separated_rows[:8]))
    assert f"60 of 100 rows: data rows {named} and 52 more (--json lists them)" in words(page(report))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("squared", ["eta = 1/L = 0.2485, theta_0 = 0", "phi' = dphi/dp = p - y phi'' = 1", "kappa = L/mu = 470"]),
        ("raw", ["raw features"]),
        ("ridge", ["l2 = 0.1", "intercept not penalised", "+ 0.1/2 ||theta||^2"]),
        ("origin", ["no intercept"]),
        ("logistic", ["(benign -> -1, malignant -> +1)", "phi' = dphi/dp = -y*sigmoid(-p*y)"]),
        ("kinks", ["no L (phi' jumps) G ="]),
        ("fourth power", ["no L known (phi'' is not known to be bounded)", "eta = 1e-7,", "phi is convex in p"]),
        ("local", ["local minimum R_loc =", "no R* is claimed", "not known to be convex in p"]),
        ("sgd", ["i uniform in 1..N, with replacement, batch 1, seed 0"]),
        ("shuffle", ["rows shuffled each epoch, batch 3"]),
        ("order", ["rows in the file's order, pass after pass, batch 1"]),
    ],
)
def test_the_head_says_what_runs(name: str, wanted: list[str]) -> None:
    shown = words(head(streamed(name)[0]))
    for part in wanted:
        assert part in shown


BOUND = Bound("worst case", "convex", True, "", "last iterate", False, 2.0, 1.5, True)
UNMET = replace(BOUND, met=False, why="no minimiser exists", value=None, ratio=None, holds=None)


@pytest.mark.parametrize(
    ("bounds", "line"),
    [
        ((BOUND, UNMET), "gap <= 2 (worst case), 1.5 times the measured one: it holds"),
        ((replace(BOUND, ratio=None, holds=None),), "gap <= 2 (worst case) "),
        ((replace(BOUND, ratio=0.5, holds=False),), "0.5 times the measured one: it does not hold"),
        ((replace(BOUND, ratio=0.5, holds=None),), "both are below the rounding of R"),
        (
            (replace(BOUND, ratio=0.5, holds=False, expected=True, of="averaged iterate"),),
            "E gap of the averaged iterate <= 2 (worst case), 0.5 times the measured one: this run lies above it",
        ),
        ((UNMET,), "no bound applies: no minimiser exists"),
    ],
)
def test_the_theory_in_one_line(bounds: tuple[Bound, ...], line: str) -> None:
    report = replace(streamed("squared")[0], bounds=bounds)
    assert f"theory {line}" in words(page(report)) or line in words(page(report))


def test_unmet_bounds_say_what_they_lack() -> None:
    shown = words(page(replace(streamed("squared")[0], bounds=(BOUND, UNMET)), 80, 1))
    assert "worst case 2 1.5 convex; last iterate" in shown
    assert "worst case - - not met: no minimiser exists (needs convex)" in shown


def test_kinks_say_how_many_rows_and_between_which_slopes() -> None:
    found = Kinks(3, -1.0, 1.0, (0.0, 0.0), 0.5, 0.25, True)
    shown = words(page(replace(streamed("kinks")[0], kinks=found), 80, 1))
    assert "3 rows at a kink of the loss, one-sided derivatives in [-1, 1]" in shown
    assert "0 is proven to be a subgradient at the optimum" in shown
    assert "the shortest at theta_T has norm 0.25" in shown
    assert "[-1, 1], 0 taken" in shown
    several = replace(found, used=(-0.5, 2.0), least_norm=None)
    shown = words(page(replace(streamed("kinks")[0], kinks=several, risk_optimum=None), 80, 1))
    assert "of which -0.5 to 2 taken" in shown
    assert "an element of each row's: their mean is possibly none of Clarke's for R" in shown


def test_what_did_not_converge_is_no_local_minimum() -> None:
    report, _ = streamed("local")
    optimum = replace(report.head.optimum, status="not converged", local_minimum=None)
    report = replace(report, head=replace(report.head, optimum=optimum))
    for text in (head(report), page(report), page(report, 80, 1)):
        assert "local minimum" not in words(text)
        assert "lowest risk found" in words(text)


@pytest.mark.parametrize("name", ["squared", "logistic", "huber", "kinks", "sgd", "shuffle", "diverged"])
def test_most_readers_want_five_entries(name: str) -> None:
    """The gap, R*, the theory, why and when it stopped, theta; what else there is stands under -v."""
    report, _ = streamed(name)
    quiet = replace(report, averaged=None, kinks=None)
    labels = [line.split()[0] for line in page(quiet).splitlines() if line[:1].strip()]
    assert labels == ["Risk", "R*", "theory", "stopped", "theta"]


def test_kinks_and_averages_are_shown_where_they_say_something() -> None:
    report, _ = streamed("kinks")
    kinks, averaged = report.kinks, report.averaged
    assert kinks is not None
    assert averaged is not None
    for rows, better in ((0, True), (0, False), (2, True), (2, False)):
        other = replace(averaged, gap=report.gap * (0.5 if better else 2.0))
        shown = replace(report, kinks=replace(kinks, rows=rows), averaged=other)
        assert ("kinks  " in page(shown)) == (rows > 0)
        assert ("average  " in page(shown)) == better
        assert {"kinks", "average"} <= {line.split()[0] for line in page(shown, 80, 1).splitlines() if line.strip()}


@pytest.mark.parametrize(
    ("risk", "gap", "shown"),
    [
        (4.50613783664e-26, 4.506135645364e-26, "4.50614e-26"),
        (4.506135645364e-26, 4.506135645364e-26, "4.50613564536e-26"),
    ],
)
def test_the_risk_has_no_digits_that_the_gap_contradicts(risk: float, gap: float, shown: str) -> None:
    report = replace(streamed("squared")[0], risk=risk, risk_optimum=0.0, gap=gap, gap_upper=gap, gap_lower=gap)
    assert f"R(theta_T) = {shown} " in words(page(report)) + " "


def test_a_start_elsewhere_is_named() -> None:
    report, _ = streamed("squared")
    theta0 = {f"b{j}": float(j) for j in range(9)}
    report = replace(report, head=replace(report.head, theta0=theta0))
    assert "theta_0: b0 0, b1 1, b2 2, b3 3, b4 4, b5 5, ... 3 more with -v" in words(head(report))
    assert "b8 8" in words(page(report, 80, 1))


def test_a_long_name_has_a_line_of_its_own_and_is_whole() -> None:
    report, _ = streamed("origin")
    name = "a rather long name of a column " * 4 + "\x1b[31m"
    report = replace(report, theta={name: 1.5}, theta_optimum={name: 1.25})
    for verbose in (0, 1):
        shown = page(report, 60, verbose)
        assert max(map(len, shown.split("\n"))) <= 60
        assert "\x1b" not in shown
    assert "a rather long name of a column " * 4 + "\\x1b[31m" in words(page(report, 60, 1))


def test_colour_is_bold_alone_and_leaves_the_text_as_it_is() -> None:
    report, steps = streamed("squared")
    look = Look(80, True, 1)
    text = load("text")
    coloured = text.head(report.head, look) + text.step(steps[0], look) + text.result(report, look)
    look = replace(look, colour=False)
    plain = text.head(report.head, look) + text.step(steps[0], look) + text.result(report, look)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert set(re.findall(r"\x1b\[([0-9;]*)m", coloured)) == {"1", "0"}


@pytest.mark.parametrize("name", RUNS)
def test_json_is_whole_and_every_null_number_has_a_reason(name: str) -> None:
    report, steps = streamed(name)
    document = json.loads(load("json").result(report, Look()))
    for part in (report, report.head, report.head.data):
        for field in fields(part):
            assert field.name in ("head", "data", "log") or field.name in document
    for key in ("risk", "gap", "gap_lower", "gap_upper", "gap_floor", "h"):
        assert document[key] is not None or document[f"{key}_reason"]
    last = json.loads(load("ndjson").result(report, Look()))
    assert {**last, "kind": None} == {**document, "kind": None}
    for step in steps:
        line = json.loads(load("ndjson").step(step, Look()))
        for key in ("gap", "gap_upper"):
            assert line[key] is not None or line[f"{key}_reason"]


@pytest.mark.parametrize("name", RUNS)
def test_csv_has_the_steps(name: str) -> None:
    report, steps = streamed(name)
    renderer = load("csv")
    text = renderer.head(report.head, Look()) + "".join(renderer.step(step, Look()) for step in steps)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["step"]) for row in rows] == [step.step for step in steps]
    for row, step in zip(rows, steps, strict=True):
        assert float(row["risk"]) == step.risk or math.isnan(step.risk)
        assert (row["bound"] == "") == (step.bound is None)


def test_a_constant_column_beside_an_intercept_makes_the_condition_infinite(
    constant_column: Callable[[], Dataset],
) -> None:
    report = gdcli.descend(constant_column(), steps=2)
    assert report.head.constants.kappa_raw == math.inf
    assert "mu = 0 cond X^T X = infinite to rounding raw L_max" in words(head(report))
    assert "infinite to rounding raw, infinite to rounding as optimised" in words(page(report, 80, 1))


def test_where_no_mu_is_known_the_raw_condition_is_that_of_the_data() -> None:
    report = gdcli.descend("iris", steps=1)
    X = np.column_stack([gdcli.read(_csv("iris")).X, np.ones(100)])
    assert report.head.constants.kappa_raw == pytest.approx(np.linalg.cond(X.T @ X), rel=1e-6)
    assert "mu = 0 cond X^T X = 1e+04 raw L_max" in words(head(report))


def _csv(name: str) -> str:
    from gdcli.data import problems

    return str(problems.summary(problems.card(name)).file)


@pytest.fixture
def constant_column(tmp_path: Path) -> Callable[[], Dataset]:
    path = tmp_path / "constant.csv"
    path.write_text("x,z,y\n1,5,2\n2,5,3\n3,5,5.5\n4,5,6\n", encoding="utf-8")
    return lambda: gdcli.read(str(path))


def test_the_passes_are_named_where_they_are_not_the_steps() -> None:
    """Newton on squared loss: a gradient, a Hessian and R where the step leads, which is the minimum."""
    newton, gd = (gdcli.descend("diabetes", method=method, steps=1) for method in ("newton", "gd"))
    assert "stopped 1 step, 3 epochs, " in words(page(newton, 80))
    assert "epoch" not in page(gd, 80)
