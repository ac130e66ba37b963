"""Rates on the canonical instances against the exact recursions, T(eps) against gradient descent by numpy alone."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import gdcli
from gdcli.data.dataset import Dataset
from gdcli.descent.load import Source, open_problem
from gdcli.descent.rates.trace import looks
from gdcli.errors import UsageError
from gdcli.results.rate import CurveRate, RateReport

# The spectrum that data.generators.spectrum states for gd_rate and sgd_rate.
LAMBDA = np.round(10.0 ** (-2.0 + 2.0 * np.arange(16) / 15), 5) ** 2


def curve(report: RateReport, method: str, of: str = "last iterate") -> CurveRate:
    return next(curve for rate, curve in report.curves if (rate.method, curve.of) == (method, of))


def expected_sgd(noise: float, steps: int) -> np.ndarray:
    """E gap_t of SGD with eta0/sqrt(1 + t), eta0 = 1/(2 L_max), by the recursion that the generator states."""
    v = np.full(16, 0.25)
    gaps = [LAMBDA @ v / 2]
    for t in range(steps):
        eta = 1.0 / (2.0 * LAMBDA.sum() * math.sqrt(1 + t))
        v = (1 - 2 * eta * LAMBDA) * v + eta * eta * LAMBDA * (LAMBDA @ v + noise**2)
        gaps.append(LAMBDA @ v / 2)
    return np.array(gaps)


def numpy_gd(X: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """The gaps of GD with 1/L on the squared loss, R* by numpy's least squares."""
    H, b = X.T @ X / len(X), X.T @ y / len(X)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    eta = 1.0 / np.linalg.eigvalsh(H)[-1]
    theta, gaps = np.zeros(X.shape[1]), []
    for _ in range(steps + 1):
        d = theta - best
        gaps.append(float(d @ H @ d / 2))
        theta = theta - eta * (H @ theta - b)
    return np.array(gaps)


def test_looks_are_dense_and_end_at_the_last_step() -> None:
    seen = list(looks(5000))
    assert seen[:12] == [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20]
    assert seen[-1] == 5000
    assert seen == sorted(set(seen))
    assert all(b / a < 1.29 for a, b in pairwise(seen[9:]))
    assert sum(100 < step <= 1000 for step in seen) == 10


def test_looks_that_cost_much_are_dense_where_the_slope_is_taken() -> None:
    seen = list(looks(100_000, costly=True))
    assert seen[:9] == [0, 1, 3, 10, 32, 100, 316, 1000, 3162]
    assert seen[8:] == [step for step in looks(100_000) if step >= 3162]


def test_gd_on_its_instance_has_the_lecture_s_rate() -> None:
    report = gdcli.rate("gd_rate", methods=("gd",))
    found = curve(report, "gd")
    t = np.array([point.step for point in found.points if point.step])
    # gap_t = sum lambda (1 - lambda/L)^(2t) c^2/2, in closed form.
    exact = np.array([LAMBDA @ ((1 - LAMBDA / LAMBDA[-1]) ** (2.0 * s)) * 0.125 for s in t])
    assert [point.gap for point in found.points if point.step] == pytest.approx(exact, rel=1e-9)
    last = t >= 1000 / 10**1.5
    assert found.slope.value == pytest.approx(np.polyfit(np.log(t[last]), np.log(exact[last]), 1)[0], rel=1e-9)
    assert abs(found.slope.value + 1.0) <= 0.1
    assert (found.slope.lower, found.slope.upper) == (None, None)
    assert "no seeds" in (found.slope.reason or "")
    assert report.methods[0].bound is not None
    assert report.methods[0].bound.holds is True


@pytest.mark.parametrize("problem", ["gd_rate", "diabetes", "wine_alcohol"])
def test_T_of_eps_is_that_of_gd_by_numpy(problem: str) -> None:
    dataset, options = open_problem(Source(problem), {})
    X = np.asarray(dataset.X)
    if options.standardise:
        X = (X - X.mean(0)) / X.std(0)
    if options.intercept:
        X = np.column_stack([X, np.ones(len(X))])
    gaps = numpy_gd(X, np.asarray(dataset.y), 1000)
    report = gdcli.rate(problem, methods=("gd",))
    for reach in curve(report, "gd").reaching:
        below = gaps <= reach.eps * gaps[0]
        assert reach.step == (int(np.argmax(below)) if below.any() else None)
        assert reach.interpolated is False
    powers = [reach.power for reach in curve(report, "gd").reaching if reach.power is not None]
    steps = [reach.step for reach in curve(report, "gd").reaching if reach.step is not None]
    assert powers == pytest.approx(np.diff(np.log10(steps)))


@pytest.mark.parametrize("problem", ["gd_rate", "sgd_rate"])
def test_sgd_has_the_lecture_s_rate_and_the_mean_of_the_recursion(problem: str) -> None:
    noise = 0.1 if problem == "gd_rate" else 1.0
    report = gdcli.rate(problem, methods=("sgd",), seeds=6, steps=20_000)
    exact = expected_sgd(noise, 20_000)
    found = curve(report, "sgd")
    assert found.slope.first is not None
    assert (found.slope.lower, found.slope.upper) != (None, None)
    t = np.array([p.step for p in found.points if p.passes >= found.slope.first * (1 - 1e-9)])
    true = np.polyfit(np.log(t), np.log(exact[t]), 1)[0]
    assert found.slope.lower <= true <= found.slope.upper
    assert abs(true + 0.5) <= 0.05
    for point in found.points:
        # Of six seeds the mean is within a factor: the gap's scatter is about as large as the gap.
        assert 0.4 < point.gap / exact[point.step] < 2.5
    reach = found.reaching[0]
    assert reach.interpolated
    assert reach.step is not None
    assert 0.5 < reach.step / int(np.argmax(exact <= 0.1 * exact[0])) < 2.0


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["gd_rate", "sgd_rate"])
def test_both_rates_show_without_further_options(problem: str) -> None:
    report = gdcli.rate(problem)
    assert abs(curve(report, "gd").slope.value + 1.0) <= 0.1
    for of in ("last iterate", "averaged iterate"):
        assert abs(curve(report, "sgd", of).slope.value + 0.5) <= 0.05


def test_strong_convexity_makes_both_faster_and_says_so() -> None:
    report = gdcli.rate("wine_alcohol", l2=0.1, seeds=5, steps=100_000)
    gd, sgd = report.methods
    dataset, _ = open_problem(Source("wine_alcohol"), {})
    X = np.asarray(dataset.X)
    X = np.column_stack([(X - X.mean(0)) / X.std(0), np.ones(len(X))])
    values = np.linalg.eigvalsh(X.T @ X / len(X) + np.diag([0.1] * 12 + [0.0]))
    rho = 1.0 - values[0] / values[-1]
    assert gd.contraction is not None
    assert gd.contraction.theory == pytest.approx(rho, rel=1e-9)
    assert gd.contraction.measured == pytest.approx(rho, abs=0.02)
    assert gd.contraction.measured <= rho
    assert "linear, the gap falls by rho^2" in gd.why
    assert sgd.schedule == "2/(mu*(t + 4*L_max/mu))"
    assert "O(1/T)" in sgd.why
    slope = curve(report, "sgd").slope
    assert slope.value < -0.8
    assert slope.lower <= -1.0 <= slope.upper
    assert gd.at_goal
    assert [winner.method for winner in report.winners] == ["sgd"] * 4 + ["gd"] * 2


def timeless(value: object) -> object:
    """A report without what the clock said."""
    if dataclasses.is_dataclass(value):
        pairs = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "seconds"]
        return {name: timeless(item) for name, item in pairs}
    return [timeless(item) for item in value] if isinstance(value, tuple) else value


def test_runs_side_by_side_are_the_runs_one_after_the_other() -> None:
    reports = [gdcli.rate("diabetes", methods=("gd", "sgd", "saga"), seeds=3, steps=400, jobs=jobs) for jobs in (1, 2)]
    assert repr(timeless(reports[0])) == repr(timeless(reports[1]))


def test_seeds_follow_the_first_one() -> None:
    three = gdcli.rate("line", methods=("sgd",), seeds=3, steps=50, jobs=1)
    alone = [gdcli.rate("line", methods=("sgd",), seeds=1, seed=seed, steps=50, jobs=1) for seed in range(3)]
    means = np.mean([[point.gap for point in curve(report, "sgd").points] for report in alone], axis=0)
    assert [point.gap for point in curve(three, "sgd").points] == pytest.approx(means, rel=1e-13)
    assert "one seed" in (curve(alone[0], "sgd").slope.reason or "")


@pytest.mark.parametrize("at", ["evaluations", "steps", "time"])
def test_the_axis_is_the_one_asked_for(at: str) -> None:
    report = gdcli.rate("diabetes", methods=("gd", "armijo"), steps=100, at=at, jobs=1)
    slope = curve(report, "armijo").slope
    points = curve(report, "armijo").points
    x = {"evaluations": points[-1].passes, "steps": points[-1].step, "time": points[-1].seconds}[at]
    assert slope.last == pytest.approx(x)
    # A line search takes more than one pass a step.
    assert points[-1].passes > points[-1].step
    assert report.standings


def test_gaps_at_equal_passes_are_those_of_the_runs() -> None:
    report = gdcli.rate("diabetes", methods=("gd", "nesterov"), steps=200, jobs=1)
    for place, name in enumerate(("gd", "nesterov")):
        points = {point.step: point.gap for point in curve(report, name).points}
        for standing in report.standings:
            assert standing.gaps[place] == pytest.approx(points[int(standing.x)], rel=1e-12)


def test_gaps_at_their_floor_are_left_out_of_the_fit() -> None:
    report = gdcli.rate("breast_cancer", methods=("newton",), l2=0.1, steps=40, jobs=1)
    found = curve(report, "newton")
    for point in found.points:
        assert point.gap_lower <= point.gap <= point.gap_upper
    blurred = sum(point.gap_upper - point.gap_lower > 0.5 * point.gap for point in found.points)
    assert found.slope.left_out == blurred


def test_where_theta0_is_the_minimum_there_is_no_slope() -> None:
    dataset, _ = open_problem(Source("line"), {})
    flat = dataclasses.replace(dataset, y=np.zeros(len(dataset.y)))
    report = gdcli.rate(flat, methods=("gd",), steps=10, intercept=False, jobs=1)
    assert isinstance(flat, Dataset)
    assert curve(report, "gd").slope.value is None
    assert "too few" in (curve(report, "gd").slope.reason or "")
    assert all(reach.step is None for reach in curve(report, "gd").reaching)


def test_a_method_that_diverges_leaves_the_others_alone() -> None:
    report = gdcli.rate("diabetes", methods=("gd", "newton"), eta="0.6", steps=200, jobs=1)
    gd, newton = report.methods
    assert (gd.diverged, newton.diverged) == (1, 0)
    assert curve(report, "gd").slope.value is None
    assert curve(report, "gd").slope.reason == "1 of 1 runs diverged"
    assert curve(report, "newton").reaching[5].step == 1
    assert report.warnings == ("gd: diverged",)


def test_data_without_a_minimiser_have_a_rate_too() -> None:
    report = gdcli.rate("separable", methods=("gd",), steps=300, jobs=1)
    assert report.optimum == "infimum"
    assert "infimum" in report.warnings[0]
    assert curve(report, "gd").slope.value < -0.5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"methods": ()}, "names no method"),
        ({"methods": ("gd", "gd")}, "named twice"),
        ({"methods": ("armijo",), "eta": "1"}, "methods that take one"),
        ({"methods": ("gd",), "batch": 4}, "draw rows"),
        ({"methods": ("gd",), "seeds": 0}, "--seeds is 0"),
        ({"methods": ("gd",), "at": "hours"}, "unknown axis"),
        ({"methods": ("gd",), "loss": "log(1 + (p - y)^2)"}, "no R* to measure"),
    ],
)
def test_what_cannot_be_measured_says_why(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        gdcli.rate("diabetes", **options)  # type: ignore[arg-type]
    assert words in caught.value.message
    assert caught.value.hint


def test_rows_and_their_batches_are_for_the_methods_that_draw() -> None:
    report = gdcli.rate("diabetes", methods=("gd", "sgd", "adam"), batch=8, seeds=2, steps=50, jobs=1)
    assert [(rate.batch, rate.stochastic) for rate in report.methods] == [(None, False), (8, True), (8, True)]
    assert curve(report, "sgd").points[-1].passes == pytest.approx(50 * 8 / 442)


def test_an_optimum_that_is_not_proven_has_a_rate_too(tmp_path: Path) -> None:
    """No bound holds on R(theta_0) - R* there: the levels and the goal are of the gap as it is computed."""
    file = tmp_path / "far.csv"
    file.write_text("x,y\n1e-200,0.5\n1e-16,-5e16\n2e278,-3\n", encoding="utf-8")
    report = gdcli.rate(str(file), methods=("gd",), loss="(p-y)^4", steps=20, jobs=1)
    assert 0.0 < report.gap0 < math.inf
    assert report.methods[0].steps == 20
    assert curve(report, "gd").reaching[0].step is not None
