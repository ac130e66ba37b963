from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import islice, takewhile

import numpy as np
import pytest

from gdcli.data.sampling import draw
from gdcli.descent import report
from gdcli.descent.loops import chunks
from gdcli.descent.loops.judge import Judge
from gdcli.descent.plan import Options, prepare
from gdcli.descent.run import Run
from gdcli.descent.stopping import Stopped, check_steps, log_steps
from gdcli.risk.bounds.promise import AVERAGE, LAST
from gdcli.risk.bounds.stochastic import averaging_weight
from gdcli.risk.losses import LOSSES as TABLE
from gdcli.risk.models.linear import LinearRisk

LOSSES = ("squared", "logistic")
SHUFFLE = {"method": "sgd", "sampling": "shuffle"}


@pytest.mark.parametrize("l2", [0.0, 0.25])
@pytest.mark.parametrize("intercept", [True, False])
def test_gd_is_exact_rational_arithmetic(data, l2, intercept) -> None:
    X, y = [[1.0, 2.0], [3.0, -1.0], [0.5, 0.25], [-2.0, 1.5]], [1.0, -2.0, 0.5, 3.0]
    options = Options(eta="0.125", steps=8, every=1, gap=0.0, standardise=False, intercept=intercept, l2=l2)
    run = Run(prepare(data(X, y), options), lambda: 0.0)
    rows = [[Fraction(v) for v in row] + [Fraction(1)] * intercept for row in X]
    theta = [Fraction(0)] * len(rows[0])
    penalty = [Fraction(l2)] * 2 + [Fraction(0)] * intercept
    for step in run:
        assert step.theta == pytest.approx([float(v) for v in theta], rel=1e-12, abs=1e-14)
        predictions = [sum(a * b for a, b in zip(row, theta, strict=True)) for row in rows]
        residuals = [p - Fraction(t) for p, t in zip(predictions, y, strict=True)]
        value = sum(r * r for r in residuals) / 8 + sum(p * v * v for p, v in zip(penalty, theta, strict=True)) / 2
        assert step.risk == pytest.approx(float(value), rel=1e-13)
        slopes = [sum(r * row[j] for r, row in zip(residuals, rows, strict=True)) / 4 for j in range(len(theta))]
        theta = [v - Fraction(1, 8) * (g + p * v) for v, g, p in zip(theta, slopes, penalty, strict=True)]
    assert run.t == 8


def test_the_log_is_1_2_3_5_10() -> None:
    assert list(islice(log_steps(None), 14)) == [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000]
    assert list(islice(log_steps(7), 4)) == [0, 7, 14, 21]


def test_costly_lines_are_paid_for_by_steps() -> None:
    assert list(islice(log_steps(None, 40), 6)) == [0, 50, 100, 200, 300, 500]
    assert list(islice(log_steps(None, 3 * 10**6), 6)) == [0, 3 * 10**6, 10**7, 2 * 10**7, 3 * 10**7, 5 * 10**7]
    assert list(islice(log_steps(7, 10**6), 3)) == [0, 7, 14]


def test_the_goal_is_asked_for_at_ends_of_epochs() -> None:
    assert list(islice(check_steps(10), 4)) == [10, 20, 30, 40]
    assert list(islice(check_steps(10, 35), 9)) == [10, 20, 30, 50, 80, 120, 160, 200, 240]


@pytest.mark.parametrize(("epochs", "most"), [(1, 0), (20, 7)])
def test_looking_at_a_large_run_takes_few_passes(problem, monkeypatch, epochs, most) -> None:
    """A pass for R alone takes about a quarter of an epoch of compiled steps: seven in twenty epochs are a tenth."""
    chosen = Options(method="sgd", epochs=epochs, gap=0.0, eta="0.001")
    run, asked = Run(prepare(problem(N=20_000, d=8), chosen), lambda: 0.0), []

    def counted(kind, name):
        whole = getattr(kind, name)
        monkeypatch.setattr(kind, name, lambda *given: asked.append(name) or whole(*given))

    counted(LinearRisk, "value")
    counted(LinearRisk, "value_and_gradient")
    counted(Judge, "gap")
    assert [step.t for step in run] == [0, 20_000 * epochs]
    # The first and the last line, with the gaps of theta and of the average.
    assert (asked.count("value_and_gradient"), asked.count("gap")) == (2, 4)
    assert asked.count("value") <= most


@pytest.mark.parametrize("method", ["sgd", "gd"])
def test_lines_are_left_out_where_they_cost_more_than_the_steps(go, problem, method) -> None:
    data = problem(N=40_000, d=4)
    run, steps = go(data, method=method, steps=2000, gap=0.0, eta="0.01")
    logged = [0, 2000] if method == "sgd" else list(takewhile(lambda t: t <= 2000, log_steps(None)))
    assert [step.t for step in steps if step.t <= run.t] == [t for t in logged if t < run.t] + [run.t]
    run, steps = go(data, method=method, steps=2000, gap=0.0, every=500, eta="0.01")
    assert [step.t for step in steps][:3] == [0, 500, 1000]


@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize(
    ("steps", "every", "logged"), [(12, None, [0, 1, 2, 3, 5, 10, 12]), (7, 3, [0, 3, 6, 7]), (6, 3, [0, 3, 6])]
)
def test_first_and_last_steps_are_logged(go, problem, method, steps, every, logged) -> None:
    run, found = go(problem(), method=method, steps=steps, every=every, gap=0.0)
    assert [step.t for step in found] == logged
    assert run.stopped is Stopped.STEPS


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_gap_that_is_certified_stops(go, problem, loss, method) -> None:
    run, steps = go(problem(loss), method=method, gap=0.05)
    assert run.stopped is Stopped.GAP
    assert steps[-1].gap.upper <= 0.05
    assert all(step.gap.upper > 0.05 for step in steps[:-1])


def test_gd_stops_at_the_first_step_below_the_gap(go, problem) -> None:
    run, _ = go(problem(), gap=1e-7)
    _, every = go(problem(), gap=0.0, every=1, steps=run.t)
    assert every[-1].gap.upper <= 1e-7 < every[-2].gap.upper


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_the_certificate_is_asked_a_few_times_only_on_the_way_to_the_gap(problem, loss, monkeypatch) -> None:
    plan = prepare(problem(loss), Options(gap=1e-9, eta="1/(20*L)"))
    kind, asked = type(plan.certificate), []
    gap = kind.gap
    monkeypatch.setattr(kind, "gap", lambda self, theta: asked.append(1) or gap(self, theta))
    run = Run(plan, lambda: 0.0)
    logged = len(list(run))
    assert run.stopped is Stopped.GAP
    assert run.t > 280
    assert len(asked) - logged < 30


@pytest.mark.parametrize("loss", ["squared", "logistic", "absolute"])
@pytest.mark.parametrize("target", [1e-3, 1e-6, 1e-9])
def test_no_step_below_the_gap_is_passed_over(go, problem, loss, target) -> None:
    data = problem("logistic" if loss == "logistic" else "squared")
    eta = {"absolute": "0.1/(t + 1)"}.get(loss, "1/L")
    run, _ = go(data, loss=loss, gap=target, steps=3000, eta=eta)
    _, every = go(data, loss=loss, gap=0.0, every=1, steps=max(1, run.t), eta=eta)
    assert all(step.gap.upper > target for step in every[:-1])
    assert (every[-1].gap.upper <= target) == (run.stopped is Stopped.GAP)


def test_a_risk_that_no_double_holds_has_a_gap_of_which_no_more_is_said(go, data) -> None:
    """exp(p - y) + exp(y - p) beyond p = 710 is finite, and is no double."""
    far = data([[1e3], [2e3], [-1e3]], [1.0, 2.0, 3.0])
    run, steps = go(far, loss="exp(p - y) + exp(y - p)", eta="0.1", standardise=False, intercept=False, steps=5)
    assert run.stopped is Stopped.DIVERGED
    assert (steps[-1].gap.lower, steps[-1].gap.upper) == (0.0, math.inf)


def test_one_row_of_one_class_is_as_good_as_its_loss(go, data) -> None:
    """The rows' gradients are all 0 at the optimum, which their squares must not miss by rounding."""
    for scale in (1.0, 0.3, 1e6, 123456.789):
        run, _ = go(
            data([[scale, 2 * scale]], [0.0], ("a", "b")),
            loss="softmax", l2=1e-6, standardise=False, intercept=False, steps=30,
        )  # fmt: skip
        assert run.stopped is not None


def test_still(go, problem) -> None:
    run, steps = go(problem(), gap=0.0, steps=10_000)
    assert run.stopped is Stopped.STILL
    assert steps[-1].gap.upper < 1e-20


@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize("eta", ["3/L", "100", "1e100", "1e300"])
@pytest.mark.parametrize("l2", [0.0, 2.0])
def test_divergence_is_noticed_and_explained(go, problem, method, eta, l2) -> None:
    eta = eta if method == "gd" else eta.replace("3/L", "9/L")
    run, steps = go(problem(), method=method, eta=eta, l2=l2)
    assert run.stopped is Stopped.DIVERGED
    found = report.run_report(run, steps[-1])
    assert found.reason == "diverged"
    assert ("above 2/L" if method == "gd" else "too large for single rows") in found.warnings[0]


@pytest.mark.parametrize(
    ("chosen", "eta"),
    [
        ({"method": "nesterov(restart=0)"}, "1.5/L"),
        ({"method": "nesterov"}, "1.9/L"),
        ({"method": "fista"}, "3/L"),
        ({"method": "heavy_ball"}, "4.2/L"),
        ({"method": "heavy_ball", "batch": 1}, "1/L_max"),
        ({"method": "adam", "batch": "all"}, "1e200"),
        ({"method": "adagrad", "batch": "all"}, "1e200"),
        ({"method": "adam"}, "1e200"),
        ({"method": "saga"}, "9/L_max"),
        ({"method": "svrg"}, "9/L_max"),
        ({"method": "averaged_sgd"}, "9/L_max"),
    ],
    ids=str,
)
def test_a_method_with_another_limit_than_that_of_gd_is_told_its_own_remedy(go, problem, chosen, eta) -> None:
    run, steps = go(problem(), **chosen, eta=eta)
    assert run.stopped is Stopped.DIVERGED
    (warning,) = report.run_report(run, steps[-1]).warnings
    assert warning.endswith(f"was too large for {chosen['method']}; leave --eta away")
    run, _ = go(problem(), **chosen)
    assert run.stopped is not Stopped.DIVERGED


def test_a_slope_of_0_over_an_epsilon_of_0_is_told_from_long_steps(go, data) -> None:
    """A column of zeros has no slope: 0/(sqrt 0 + 0)."""
    rows = data([[1.0, 0.0], [2.0, 0.0], [4.0, 0.0]], [1.0, 3.0, 2.0])
    run, steps = go(rows, method="adagrad(epsilon=0)", standardise=False)
    assert run.stopped is Stopped.DIVERGED
    (warning,) = report.run_report(run, steps[-1]).warnings
    assert warning.startswith("with epsilon = 0 a slope of 0 is divided by 0")
    assert go(rows, method="adagrad", standardise=False)[0].stopped is not Stopped.DIVERGED


@pytest.mark.parametrize("kept", ["none", "suffix"])
def test_a_bound_of_the_plain_average_is_not_held_against_another_iterate(go, problem, kept) -> None:
    """The last iterate or the average of the last half may lie above it without any contradiction."""
    run, steps = go(problem("logistic"), method="sgd", eta="0.05", steps=200, averaging=kept)
    bounds = {bound.name: bound for bound in report.run_report(run, steps[-1]).bounds}
    why = "no average is kept" if kept == "none" else "the average kept has other weights"
    assert (bounds["non-negative loss"].met, bounds["non-negative loss"].why) == (False, why)
    run, steps = go(problem("logistic"), method="sgd", eta="0.05", steps=200, averaging="polyak")
    assert next(bound for bound in report.run_report(run, steps[-1]).bounds if bound.name == "non-negative loss").met


def test_the_work_of_a_sweep_is_what_was_computed(go, problem) -> None:
    """Softmax: a gradient for the step and one for each of the 3 x 4 coordinates, each over all rows."""
    _, steps = go(problem("softmax"), method="coordinate", steps=5, gap=0.0)
    assert steps[-1].epoch == 5 * (1 + 12)
    _, steps = go(problem("logistic"), method="coordinate", steps=5, gap=0.0)
    assert steps[-1].epoch == 5 * (1 + 2)


@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize("eta", ["1e10", "1e100", "1e300"])
def test_a_penalised_logistic_run_that_overflows_diverges(go, problem, method, eta) -> None:
    run, _ = go(problem("logistic"), method=method, eta=eta, l2=1.0)
    assert run.stopped is Stopped.DIVERGED


def test_a_step_above_2_over_L_that_converges_is_not_called_divergence(go, data) -> None:
    # A constant target moves the intercept alone, whose curvature is 1 while L is above it.
    rng = np.random.default_rng(0)
    x = rng.normal(size=20)
    run, steps = go(data(np.column_stack([x, x + 0.1 * rng.normal(size=20)]), np.full(20, 3.0)), eta="1.2", gap=1e-9)
    assert run.stopped is Stopped.GAP
    assert 2 / run.plan.constants.L < 1.2
    warning = report.run_report(run, steps[-1]).warnings[0]
    assert "no longer guaranteed" in warning
    assert "diverge" not in warning


def test_counts_descend_by_the_curvature_of_the_level_set(go, data) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 2))
    run, steps = go(data(X, rng.poisson(np.exp(X @ [0.5, -0.3]))), loss="poisson")
    assert run.stopped is Stopped.GAP
    assert run.plan.constants.local
    head = report.head(run.plan)
    assert (head.loss_derivative, head.loss_second) == ("exp(p) - y", "exp(p)")
    assert [step.risk for step in steps] == sorted((step.risk for step in steps), reverse=True)
    assert all(step.bound is None or step.gap.lower <= step.bound.value for step in steps)


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_number_for_eta_runs_where_no_L_is_known(go, problem, method) -> None:
    run, steps = go(problem(), loss="(p - y)^4", method=method, eta="1e-4", steps=400)
    assert steps[-1].risk < steps[0].risk
    assert report.run_report(run, steps[-1]).warnings == ()
    run, steps = go(problem(), loss="(p - y)^4", method=method, eta="10")
    assert run.stopped is Stopped.DIVERGED
    assert "try a tenth" in report.run_report(run, steps[-1]).warnings[0]


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_loss_not_known_to_be_convex_claims_no_optimum(go, problem, method) -> None:
    run, steps = go(problem(), loss="log(1 + (p - y)^2)", method=method, steps=3000)
    found = report.run_report(run, steps[-1])
    assert found.risk_optimum is None
    assert found.head.optimum.risk_optimum is None
    assert found.head.optimum.status == "local"
    assert found.above_local == pytest.approx(found.risk - found.head.optimum.local_minimum, rel=1e-12)
    assert math.isinf(found.gap_upper)
    assert not any(bound.met for bound in found.bounds)
    assert {bound.why for bound in found.bounds} == {"R is not known to be convex"}
    assert "not known to be convex" in (found.head.convexity or "")
    assert "no R* is claimed" in found.warnings[0]
    if method == "gd":
        assert run.stopped is Stopped.LOCAL
        assert abs(found.above_local) <= run.plan.target


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_a_formula_runs_as_the_built_in_loss_does(go, problem, l2) -> None:
    built_in, _ = go(problem(), loss="logcosh", l2=l2, steps=50, gap=0.0)
    formula, _ = go(problem(), loss="log(cosh(p - y))", l2=l2, steps=50, gap=0.0)
    assert formula.theta == pytest.approx(built_in.theta, rel=1e-13)
    assert pytest.approx(built_in.plan.constants.L, rel=1e-3) == formula.plan.constants.L


def test_two_texts_are_signs_in_a_formula(go, problem) -> None:
    formula, _ = go(problem("logistic"), loss="log(1 + exp(-y p))", steps=20, gap=0.0)
    built_in, _ = go(problem("logistic"), loss="logistic", steps=20, gap=0.0)
    assert formula.theta == pytest.approx(built_in.theta, rel=1e-6)


class Stops:
    """Whatever it wraps, with a KeyboardInterrupt after the n-th of the calls that make steps."""

    def __init__(self, wrapped, n: int) -> None:
        self._wrapped, self._left = wrapped, n

    def __getattr__(self, name: str):
        found = getattr(self._wrapped, name)
        if name not in ("value_and_gradient", "row_gradient", "batch_gradient", "advance"):
            return found

        def counted(*arguments):
            result = found(*arguments)
            self._left -= 1
            if self._left == 0:
                raise KeyboardInterrupt
            return result

        return counted


def interrupted(plan, n: int, engine: str):
    """The plan, ended from outside after n calls: of the engine, or of the risk's gradients."""
    if engine == "chunks":
        steps = Stops(plan.engine.loop(plan.risk), n)
        return replace(plan, engine=replace(plan.engine, loop=lambda _: steps))
    stops = replace(plan.problem, risk=Stops(plan.risk, n))
    return replace(plan, problem=stops, engine=whole(plan, engine))


@pytest.mark.parametrize(
    ("options", "engine"),
    [
        ({}, "full"),
        *(({"method": "sgd", **more}, engine) for more in ({}, {"batch": 5}, SHUFFLE) for engine in ("chunks", "rows")),
    ],
)
@pytest.mark.parametrize("n", [1, 2, 3, 9, 17, 29])
def test_an_interruption_leaves_the_state_whole(problem, options, engine, n, monkeypatch) -> None:
    monkeypatch.setattr(chunks, "MOST_STEPS", 7)
    plan = prepare(problem(), Options(steps=300, gap=0.0, **options))
    run = Run(interrupted(plan, n, engine), lambda: 0.0)
    with pytest.raises(KeyboardInterrupt):
        list(run)
    run.interrupt()
    step = run.measure()
    assert run.stopped is Stopped.INTERRUPTED
    options = replace(plan.options, every=max(run.t, 1))
    again = Run(replace(run.plan, problem=plan.problem, engine=whole(plan, engine), options=options), lambda: 0.0)
    reached = next(s for s in again if s.t == run.t)
    assert step.risk == reached.risk
    assert step.gap == reached.gap
    assert np.array_equal(step.theta, reached.theta)
    assert (step.average is None) == (reached.average is None)
    assert step.average is None or np.array_equal(step.average, reached.average)
    assert report.run_report(run, step).reason == "interrupted"


def whole(plan, engine: str):
    return plan.engine if engine != "rows" else replace(plan.engine, loop=None)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("batch", "l2"), [(1, 0.0), (1, 0.1), (4, 0.0)])
def test_the_average_is_the_weighted_mean_of_the_iterates(problem, loss, batch, l2) -> None:
    plan = prepare(problem(loss), Options(method="sgd", steps=200, batch=batch, l2=l2, gap=0.0, seed=5))
    run = Run(plan, lambda: 0.0)
    last = list(run)[-1]
    etas, theta, iterates = plan.schedule.etas(0, 200), plan.theta0, []
    for eta, rows in zip(etas, (r for block in draw("uniform", plan.risk.rows, batch, 5) for r in block), strict=False):
        iterates.append(theta)
        theta = theta - eta * plan.risk.batch_gradient(theta, rows)
    weights = np.array([averaging_weight(eta, plan.constants, plan.averaging.b) for eta in etas])
    assert np.all(weights > 0)
    assert last.theta == pytest.approx(theta, rel=1e-11)
    assert last.average == pytest.approx(weights @ np.array(iterates) / weights.sum(), rel=1e-11)


@pytest.mark.parametrize("options", [{}, {"method": "sgd", "seed": 9}, {"method": "sgd", "batch": 3}])
def test_the_same_seed_gives_the_same_bits(go, problem, options) -> None:
    first, again = (go(problem("logistic"), steps=200, **options)[0].theta for _ in range(2))
    assert first.tobytes() == again.tobytes()


@pytest.mark.parametrize("loss", LOSSES)
def test_the_order_of_rows_does_not_matter_to_gd(go, data, problem, loss) -> None:
    whole = problem(loss)
    order = np.random.default_rng(0).permutation(len(whole.y))
    shuffled = data(whole.X[order], whole.y[order], whole.labels)
    one, other = (go(d, steps=100, gap=0.0)[0].theta for d in (whole, shuffled))
    assert one == pytest.approx(other, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_standardised_runs_ignore_the_units_of_the_columns(go, data, problem, loss) -> None:
    whole = problem(loss)
    moved = data(whole.X * [1e-6, 3.0, 1e8] + [5.0, -7.0, 1e3], whole.y, whole.labels)
    one, other = (go(d, steps=50, gap=0.0)[1][-1] for d in (whole, moved))
    assert one.theta == pytest.approx(other.theta, rel=1e-6)
    assert one.risk == pytest.approx(other.risk, rel=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("standardise", [True, False])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e9])
def test_theta_in_the_files_units_predicts_the_same(go, data, problem, loss, standardise, intercept, offset) -> None:
    whole = problem(loss)
    shifted = data(whole.X + offset, whole.y, whole.labels)
    run, steps = go(shifted, steps=20, standardise=standardise, intercept=intercept)
    theta = report.run_report(run, steps[-1]).theta
    assert list(theta) == ["x1", "x2", "x3", *["intercept"] * intercept]
    slopes, moved = [theta[c] for c in shifted.columns], theta.get("intercept", 0.0)
    mine = [math.fsum([*(a * v for a, v in zip(slopes, row, strict=True)), moved]) for row in shifted.X.tolist()]
    size = np.abs(shifted.X) @ np.abs(slopes) + abs(moved) + 1.0
    assert np.all(np.abs(run.plan.risk.X @ steps[-1].theta - mine) <= 1e-14 * size)


KINKED = [name for name, loss in TABLE.items() if not loss.smooth]
NO_FLAGS = [(name, method) for name in KINKED for method in ("gd", "sgd")]


def kinked(problem, loss: str):
    return problem("logistic" if TABLE[loss].target == "signs" else "squared")


@pytest.mark.parametrize(("loss", "method"), NO_FLAGS)
def test_a_loss_with_kinks_runs_with_no_further_flags(go, problem, loss, method) -> None:
    """eta = D/(G sqrt T), and R(average) - R* <= D G/sqrt(T) at the end: measured for gd, for sgd in expectation."""
    run, steps = go(kinked(problem, loss), loss=loss, method=method, steps=2000, gap=0.0)
    plan, last = run.plan, steps[-1]
    D, G = plan.distance, plan.constants.G
    assert plan.schedule.formula == "D/(G*sqrt(T))"
    assert last.eta == pytest.approx(D / (G * math.sqrt(2000)), rel=1e-13)
    assert max(np.linalg.norm(plan.risk.X, axis=1)) * TABLE[loss].lipschitz <= G
    (promise, *_) = (p for p in run.promises() if p.name in ("bounded slopes", "bounded row slopes"))
    assert promise.met
    assert promise.value == pytest.approx(D * G / math.sqrt(2000), rel=1e-9)
    assert last.averaged is not None
    assert last.averaged.lower <= promise.value
    assert last.averaged.value < steps[0].gap.value


@pytest.mark.parametrize("loss", KINKED)
@pytest.mark.parametrize("eta", ["eta0/sqrt(t + 1)", "0.01", "D/(G*sqrt(T))"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_full_subgradients_keep_the_average_with_weights_eta(problem, loss, eta, l2) -> None:
    plan = prepare(kinked(problem, loss), Options(loss=loss, eta=eta, l2=l2, steps=150, gap=0.0))
    run = Run(plan, lambda: 0.0)
    last = list(run)[-1]
    etas, theta, iterates = plan.schedule.etas(0, 150), plan.theta0, []
    for eta_t in etas:
        iterates.append(theta)
        theta = theta - eta_t * plan.risk.gradient(theta)
    assert last.theta == pytest.approx(theta, rel=1e-11, abs=1e-15)
    assert last.average == pytest.approx(etas @ np.array(iterates) / etas.sum(), rel=1e-11, abs=1e-15)
    met = [promise for promise in run.promises() if promise.met]
    assert {promise.name for promise in met} >= {"measured slopes"}
    best = min(plan.certificate.gap(point).lower for point in iterates)
    for promise in met:
        assert promise.of == AVERAGE
        assert max(last.averaged.lower, best) <= promise.value


@pytest.mark.parametrize("loss", [name for name in TABLE if name not in KINKED and TABLE[name].target != "counts"])
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_every_promise_is_met_or_says_why_not(go, problem, loss, method) -> None:
    eta = None if math.isfinite(TABLE[loss].curvature) or method == "gd" else "0.001"
    data = problem("logistic" if TABLE[loss].target == "signs" else "squared")
    run, steps = go(data, loss=loss, method=method, steps=50, gap=0.0, eta=eta)
    found = run.promises()
    assert {p.name for p in found} == (
        {"worst case", "linear rate", "level set", "any point"}
        if method == "gd"
        else {"averaged SGD", "bounded row slopes", "non-negative loss"}
    )
    for promise in found:
        assert promise.met == math.isfinite(promise.value) == (not promise.why)
        assert promise.of == (LAST if method == "gd" else AVERAGE)
        assert promise.condition
        if method == "gd" and promise.met:
            assert steps[-1].gap.lower <= promise.value
    values = [promise.value for promise in found]
    assert values == sorted(values)
    assert any(promise.met for promise in found) or loss == "exponential"
    bound = steps[-1].bound
    assert bound is None or bound.value >= found[0].value


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_start_at_the_optimum_of_a_loss_with_kinks_stays(go, data, method) -> None:
    run, steps = go(data([[1.0], [2.0], [4.0]], [0.0, 0.0, 0.0]), loss="absolute", method=method)
    assert run.plan.distance == 0.0
    assert steps[-1].risk == 0.0


def test_the_run_tells_of_the_rows_at_kinks(go, data, problem) -> None:
    run, _ = go(data([[1.0], [2.0], [4.0]], [1.0, 1.0, 9.0]), loss="absolute", steps=1, eta="1e-9", gap=0.0)
    found = run.kinks()
    assert found is not None
    assert found.rows == 0
    assert found.proven_zero
    run, _ = go(problem(), steps=3)
    assert run.kinks() is None


def test_the_kinks_of_a_model_by_formula_claim_no_shortest_subgradient(data) -> None:
    options = Options(model="b1*exp(b2*x1)", theta0="b1=1, b2=0", loss="absolute", eta="1e-3", steps=5)
    run = Run(prepare(data([[1.0], [2.0], [3.0], [4.0]], [1.0, 1.0, 5.0, 9.0]), options), lambda: 0.0)
    found = run.kinks()
    assert found is not None
    assert (found.rows, found.left, found.right, found.used) == (2, -1.0, 1.0, (0.0, 0.0))
    assert found.gradient_norm == pytest.approx(math.hypot(-2 / 4, -7 / 4))
    assert found.least_norm is None
    assert not found.proven_zero


@pytest.mark.parametrize(("formula", "slope"), [("max(p - y, -2*(p - y))", 2.0), ("|p - y| + (p - y)", 2.0)])
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_formula_with_kinks_takes_its_steps_from_its_slopes(go, problem, formula, slope, method) -> None:
    run, steps = go(problem(), loss=formula, method=method, steps=400)
    longest = max(np.linalg.norm(run.plan.risk.X, axis=1))
    assert pytest.approx(slope * longest, rel=1e-9) == run.plan.constants.G
    assert steps[-1].risk < steps[0].risk


def test_the_level_of_the_huber_function_is_met_by_a_run(go, data) -> None:
    """tau |x| - tau^2/2 with tau = 1/(2T + 1) from a distance 1: the gap of T steps is L D^2/(4T + 2)."""
    T = 6
    _, steps = go(
        data([[1.0]], [1.0]), loss=f"huber({1 / (2 * T + 1)!r})", eta="1", steps=T, gap=0.0, standardise=False,
        intercept=False,
    )  # fmt: skip
    assert float(steps[-1].gap.value) == pytest.approx(1 / (4 * T + 2), rel=1e-9)
