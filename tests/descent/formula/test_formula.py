"""Descent on formulas: minima of the literature, step sizes that are proven, and every way to fail."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction

import numpy as np
import pytest

from gdcli.calculus.interval.box import parse_box
from gdcli.descent.formula.plan import Options, Plan, prepare
from gdcli.descent.formula.report import run_report, step_report
from gdcli.descent.formula.run import Run
from gdcli.errors import DomainError, UsageError
from gdcli.language import parse, parse_point
from gdcli.render import Look, load
from gdcli.results.minimize import MinimizeReport
from tests.calculus.curvature.test_hessian import FUNCTIONS


def plan(text: str, start: str, on: str | None = None, **options: object) -> Plan:
    formula = parse(text)
    box = None if on is None else parse_box(on, formula.variables)
    return prepare(formula, parse_point(start, formula.variables), box, Options(**options))  # type: ignore[arg-type]


def minimise(text: str, start: str, on: str | None = None, **options: object) -> MinimizeReport:
    made = plan(text, start, on, **options)
    clock = itertools.count()
    run = Run(made, lambda: float(next(clock)))
    return run_report(run, [step_report(made, step) for step in run])


@pytest.mark.parametrize(
    ("name", "start", "tolerance"),
    [("Booth", "0,0", 1e-8), ("Matyas", "5,-4", 1e-6), ("Himmelblau", "3.5,2.5", 1e-8), ("camel", "1/2,-1/2", 1e-8)],
)
def test_a_minimum_of_the_literature_is_found(name: str, start: str, tolerance: float) -> None:
    text, minimum, value = FUNCTIONS[name]
    found = minimise(text, start)
    assert found.reason == "gradient"
    assert found.gradient_norm <= 1e-8
    truth = [float(Fraction(part)) for part in (minimum or "").split(",")]
    assert list(found.x.values()) == pytest.approx(truth, abs=tolerance)
    assert found.value == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize("name", ["Rosenbrock", "Beale", "Powell", "Wood"])
def test_on_hard_functions_f_falls_from_step_to_step(name: str) -> None:
    start = {"Rosenbrock": "-6/5,1", "Beale": "1,1", "Powell": "3,-1,0,1", "Wood": "-3,-1,-3,-1"}[name]
    found = minimise(FUNCTIONS[name][0], start, steps=300, every=1)
    values = [step.value for step in found.path]
    assert all(b <= a for a, b in itertools.pairwise(values))
    assert len(values) == 301
    assert values[-1] < values[0] / 2


def test_the_steps_are_those_of_gradient_descent_by_hand() -> None:
    found = minimise("x^2 + 2y^2", "1,-1", eta="1/8", steps=3, every=1)
    x, y = Fraction(1), Fraction(-1)
    for step in found.path:
        assert (step.x["x"], step.x["y"]) == (float(x), float(y))
        assert step.value == float(x * x + 2 * y * y)
        assert step.gradient_norm == pytest.approx(math.hypot(2 * x, 4 * y), rel=1e-15)
        x, y = x - Fraction(1, 8) * 2 * x, y - Fraction(1, 8) * 4 * y
    assert (found.step, found.reason) == (3, "steps")


@pytest.mark.parametrize(
    ("text", "start", "on", "eta", "words"),
    [
        ("x^2 + 10y^2", "1,1", None, 1 / 20, "L proven on R^2"),
        ("softplus(x) + x^2/2", "1", None, 1 / 1.25, "L proven on R"),
        ("x^4", "1", "-2..2", 1 / 48, "L proven on x in [-2, 2]"),
        ("x^4", "1", None, 1 / 12, "1/||H(x0)||"),
        ("x^4 + x", "0", None, 0.5, "1, for want of a curvature at x0, halved once"),
        ("x^2", "1", None, 0.25, "--eta"),
    ],
)
def test_the_step_size_says_where_it_comes_from(text: str, start: str, on: str | None, eta: float, words: str) -> None:
    made = plan(text, start, on, eta="1/4" if words == "--eta" else None)
    assert float(made.schedule.etas(0, 1)[0]) == pytest.approx(eta, rel=1e-4)
    assert words in made.eta_reason


def test_without_L_the_first_step_is_halved_until_f_falls() -> None:
    made = plan("exp(x^2) - 20x", "0")
    eta = float(made.schedule.etas(0, 1)[0])
    assert "halved" in made.eta_reason
    value, slope = made.field(made.start)
    assert made.field(made.start - eta * slope)[0] < value


@pytest.mark.parametrize(
    ("text", "start", "mu"), [("x^2 + 10y^2", "3,1", 2.0), ("x^2/20 + softplus(-x)", "5", 0.1), ("cosh(x)", "1", 1.0)]
)
def test_the_gap_bound_holds_and_stops_the_run(text: str, start: str, mu: float) -> None:
    found = minimise(text, start, gap=1e-6)
    best = minimise(text, start, gradient=1e-12)
    assert found.reason == "gap"
    assert found.head.mu == pytest.approx(mu, rel=1e-3)
    assert found.gap_upper is not None
    assert found.value - best.value <= found.gap_upper <= 1e-6


@pytest.mark.parametrize(
    ("text", "start", "options", "reason", "advice"),
    [
        ("x^2", "1", {"eta": "3"}, "diverged", "above 2/L = 1"),
        ("x^2", "1", {"eta": "3", "method": "heavy_ball"}, "diverged", "try --eta 0.3"),
        ("x^2", "1", {"eta": "1e200", "method": "adam"}, "diverged", "try --eta 1e+199"),
        ("log(x)", "1", {"method": "adgd"}, "left", "adgd took a step too long; take --method armijo"),
        ("x^4", "3", {"eta": "1"}, "diverged", "too large"),
        ("exp(x^2)", "2", {"eta": "1"}, "diverged", "too large"),
        ("-x^2", "1", {}, "unbounded", "still falling"),
        ("x^3", "-1", {"eta": "0.1"}, "unbounded", "still falling"),
        ("x - log(x)", "0.1", {"eta": "0.5", "steps": 5}, None, None),
        ("-log(x) + 100x", "1", {"eta": "1"}, "left", "too large"),
        ("sqrt(x) + x", "1/10", {"eta": "1"}, "left", "too large"),
    ],
)
def test_a_descent_that_fails_says_why(
    text: str, start: str, options: dict[str, object], reason: str | None, advice: str | None
) -> None:
    found = minimise(text, start, **options)
    if reason is None:
        assert found.advice is None
        return
    assert found.reason == reason
    assert advice is not None
    assert advice in (found.advice or "")


def test_a_step_size_that_is_not_found_yet_is_not_shown() -> None:
    """Backtracking on x^2 + x from 1: the first eta moves x by 2 along g = 3; 2/3 lowers f too little, 1/3 is taken."""
    found = minimise("x^2 + x", "1", method="armijo", every=1)
    assert (found.head.eta, found.head.schedule, found.path[0].eta) == (None, "found at every step", None)
    assert found.path[1].eta == pytest.approx(1 / 3)
    assert json.loads(load("json").result(found, Look()))["path"][0]["eta_reason"] == "found at every step"
    assert "eta_t is chosen by armijo at every step" in load("text").head(found.head, Look())
    assert load("text").step(found.path[0], Look()).endswith("-\n")
    assert load("csv").step(found.path[0], Look()) == "0,2.0,3.0,,1.0\n"
    assert "eta" not in load("latex").result(found, Look())


@pytest.mark.parametrize(("text", "start", "method"), [("|x|", "3", "newton"), ("log(x)", "1", "armijo")])
def test_where_no_step_moves_x_the_slope_tells_that_no_minimum_is_shown(text: str, start: str, method: str) -> None:
    """log falls until the square of the slope 1/x is beyond the doubles."""
    found = minimise(text, start, method=method)
    assert found.reason == "still"
    assert found.gradient_norm == pytest.approx(1.0 if text == "|x|" else 1.0 / found.x["x"])
    assert "no minimum is shown" in found.warnings[0]


def test_a_fixed_point_stops_the_run() -> None:
    assert minimise("x^2", "0").reason == "gradient"
    assert minimise("x^2", "1", gradient=0.0, eta="1/2").reason == "gradient"
    still = minimise("(x - 1/3)^2 + 1e20", "1", gradient=0.0, eta="0.3")
    assert still.reason in ("still", "gradient")


def test_a_path_that_leaves_the_box_is_told() -> None:
    found = minimise("x^4 - x", "1/2", on="0.4..0.6")
    assert any("lies outside x in [2/5, 3/5]" in warning for warning in found.warnings)
    assert found.gap_upper is None
    assert any("x0 lies outside" in warning for warning in minimise("x^2", "5", on="-1..1").warnings)
    assert any("no minimum" in warning for warning in minimise("x", "0", steps=2).warnings)


@pytest.mark.parametrize(
    ("text", "start", "options", "error", "message", "hint"),
    [
        ("x^2", "1", {"method": "sgd"}, UsageError, "draws rows of data", "--method gd"),
        ("x^2", "1", {"method": "nope"}, UsageError, "unknown method", "gd"),
        ("x^4", "1", {"gap": 1e-3}, UsageError, "strong convexity", "--on"),
        ("x^2", "1", {"gap": math.nan}, UsageError, "--gap is nan", "finite"),
        ("x^2", "1", {"gradient": -1.0}, UsageError, "--grad-tol is -1.0", "finite"),
        ("x^4", "1", {"eta": "1/L"}, UsageError, "needs L", "--on"),
        ("x^4", "1", {"eta": "1/mu"}, UsageError, "needs mu", "1/L"),
        ("x^2", "1", {"eta": "D/(G sqrt(T))"}, UsageError, "needs D, which is known for a descent on data", "a number"),
        ("x^2", "1", {"eta": "-1"}, UsageError, "at t = 0", "positive"),
        ("log(x)", "-1", {}, DomainError, "f has no value at the starting point", "inside the domain"),
        ("sqrt(x)", "0", {}, DomainError, "at the starting point", "inside the domain"),
        ("max(x, -x)", "0", {}, DomainError, "f has no gradient", "kinks"),
        ("polygamma(0, x)*Gamma(x)", "1", {}, UsageError, "cannot run in a descent", "another function"),
    ],
)
def test_what_cannot_be_done_says_why(
    text: str, start: str, options: dict[str, object], error: type[Exception], message: str, hint: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        plan(text, start, **options)
    assert hint in caught.value.hint  # type: ignore[attr-defined]


def test_a_constant_is_not_minimised() -> None:
    with pytest.raises(DomainError, match="f is a constant"):
        prepare(parse("3"), {}, None, Options())


def test_large_numbers_of_variables_run() -> None:
    found = minimise("sum((x_i - i)^2, i=1..40)", ",".join(["0"] * 40))
    assert found.step == 1
    assert np.allclose(list(found.x.values()), np.arange(1, 41))
