from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gdcli.descent.models.target import default_loss
from gdcli.descent.plan import Options, prepare
from gdcli.descent.run import Run
from gdcli.descent.schedules import ARGUMENTS, Schedule, schedule
from gdcli.errors import FormulaError, GdcliError, UsageError

VALUES = {"L": 4.0, "L_max": 9.0, "mu": 0.0, "N": 10.0, "T": 100.0, "eta0": 0.25, "D": 3.0, "G": 5.0}


def test_the_loss_follows_the_target(data, problem) -> None:
    assert default_loss(problem("squared")) == "squared"
    assert default_loss(problem("logistic")) == "logistic"
    assert default_loss(data([[1], [2], [3]], [0, 1, 2], ("a", "b", "c"))) == "softmax"


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_no_step_size_rests_on_a_loss_without_curvature(data, method) -> None:
    """Each x with both labels: the slopes of a straight loss cancel, R is constant, and there is nothing to choose."""
    both = data([[1], [1], [2], [2]], [0, 1, 0, 1], ("no", "yes"))
    with pytest.raises(UsageError, match="has none: phi'' is 0"):
        prepare(both, Options(loss="2*y*p", method=method, eta={"gd": "1/L", "sgd": "1/L_max"}[method]))
    plan = prepare(both, Options(loss="2*y*p", method=method))
    assert plan.schedule.formula == "D/(G*sqrt(T))"
    assert plan.certificate.optimum.risk_optimum == 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "newtom"}, "unknown method 'newtom'"),
        ({"loss": "hinges"}, "unknown loss 'hinges'"),
        ({"loss": "hinge"}, "two classes are needed"),
        ({"loss": "squared", "eta": "D/G"}, "rests on G, and squared loss has none: phi' is not known to be bounded"),
        ({"loss": "log(1 + (p - y)^2)", "eta": "D"}, "rests on D, and no minimiser is known to exist"),
        (
            {"loss": "absolute", "eta": "1/L"},
            "rests on L, and absolute loss has none: phi'' is not known to be bounded",
        ),
        ({"loss": "(p - q)^2"}, "no variable q"),
        ({"loss": "y^2"}, "the loss y\\^2 does not depend on p"),
        ({"loss": "huber(0)"}, "the parameter of huber\\(0\\) is not a positive number"),
        ({"loss": "poisson"}, "poisson loss needs counts >= 0, and 'y' is -[0-9.]+ in data row"),
        ({"loss": "exponential"}, "two classes are needed"),
        (
            {"loss": "(p - y)^4", "eta": "1/L"},
            "eta = 1/L rests on L, and custom loss has none: phi'' is not known to be bounded",
        ),
        ({"loss": "(p - y)^4", "method": "sgd", "eta": "1/L_max"}, "rests on L_max, and custom loss has none"),
        ({"loss": "(p - y)^4", "eta": "eta0/10"}, "rests on eta0"),
        ({"loss": "0*p", "l2": 1.0}, "the loss 0\\*p does not depend on p"),
        ({"loss": "-(p - y)^2", "eta": "1"}, "it seems to have no minimum"),
        ({"method": "sgd", "batch": 99}, "a batch of 99 rows, and the data has 24"),
        ({"penalise_intercept": True}, "--penalise-intercept has no penalty to go by"),
        ({"batch": 2}, "--batch and --sampling are for methods that draw rows, and gd uses all of them"),
        ({"method": "newton", "loss": "absolute"}, "newton divides by the curvature of R, and absolute loss has kinks"),
        ({"method": "coordinate", "loss": "absolute"}, "bounds on the curvature of R along coordinates, and none"),
        ({"method": "coordinate", "model": "a*x1 + exp(b*x2)"}, "bounds on the curvature of R along coordinates"),
        ({"sampling": "shuffle"}, "--batch and --sampling are for methods that draw rows"),
        ({"method": "sgd", "sampling": "sobol"}, "unknown sampling 'sobol'"),
        ({"steps": 3, "epochs": 2.0}, "--steps and --epochs say the same thing twice"),
        ({"steps": 10**400}, "a double cannot count more than 9007199254740992 steps"),
        ({"method": "sgd", "epochs": 1e300}, "a double cannot count more than 9007199254740992 steps"),
        ({"epochs": math.inf}, "--epochs is inf"),
        ({"epochs": math.nan}, "--epochs is nan"),
        ({"gap": math.nan}, "--gap is nan"),
        ({"l2": math.nan}, "--l2 is nan"),
        ({"l2": -1.0}, "--l2 is -1.0"),
        ({"l2": 1e300}, "--l2 1e\\+300 is too large for double precision"),
        ({"eta": "0 L"}, "is 0.0 at t = 0"),
        ({"eta": "-1/L"}, "at t = 0"),
        ({"eta": "1/(mu - mu)"}, "divides by zero"),
        ({"eta": "1/x"}, "x"),
    ],
    ids=str,
)
def test_what_cannot_run_is_said_before_the_first_step(problem, options, message) -> None:
    with pytest.raises(GdcliError, match=message) as caught:
        Run(prepare(problem(), Options(**options)), lambda: 0.0)
    assert caught.value.hint


@pytest.mark.parametrize("size", [1e100, 1e300, 1e-100, 1e-300])
def test_columns_whose_squares_are_no_doubles(data, problem, size) -> None:
    whole = problem()
    scaled = data(whole.X * [1.0, size, 1.0], whole.y)
    with pytest.raises(UsageError, match=r"column 'x2' holds values of size .* whose squares leave the doubles"):
        prepare(scaled, Options(standardise=False))
    assert prepare(scaled, Options()).certificate.optimum.risk_optimum > 0.0
    assert prepare(scaled, Options()).problem.kappa_raw > 1e25


def test_a_target_whose_squares_are_no_doubles(data, problem) -> None:
    whole = problem()
    with pytest.raises(UsageError, match="target 'y' holds values of size"):
        prepare(data(whole.X, whole.y * 1e200), Options())


def test_nothing_to_descend_on(data) -> None:
    with pytest.raises(UsageError, match="every feature is 0 in every row"):
        prepare(data(np.zeros((4, 2)), [1, 2, 3, 4]), Options(intercept=False))


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({}, 10_000),
        ({"epochs": 3.0}, 3),
        ({"method": "sgd"}, 2400),
        ({"method": "sgd", "batch": 6}, 400),
        ({"method": "sgd", "epochs": 0.5}, 12),
        ({"epochs": 2.9}, 2),
        ({"method": "sgd", "batch": 5, "epochs": 1.0}, 4),
    ],
)
def test_the_budget(problem, options, steps) -> None:
    assert prepare(problem(), Options(**options)).steps == steps


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1/L", lambda t: 0.25),
        ("0.1", lambda t: 0.1),
        ("1/(2*L_max*sqrt(1 + t/N))", lambda t: 1 / (18 * math.sqrt(1 + t / 10))),
        ("eta0/sqrt(t + 1)", lambda t: 0.25 / math.sqrt(t + 1)),
        ("eta0/(1 + epoch)", lambda t: 0.25 / (1 + 2 * t / 10)),
        ("eta0 (1 - t/T)", lambda t: 0.25 * (1 - t / 100)),
        ("max(eta0/(1+t), 0.01)", lambda t: max(0.25 / (1 + t), 0.01)),
        ("eta0 if t < 50 else eta0/10", lambda t: 0.25 if t < 50 else 0.025),
        ("D/(G*sqrt(T))", lambda t: 3 / 50),
        ("eta0*2^-t", lambda t: 0.25 * 2.0**-t),
    ],
)
def test_schedules_are_their_formulas(formula, expected) -> None:
    found = schedule(formula, 2, VALUES)
    etas = found.etas(0, 100)
    assert etas == pytest.approx([expected(t) for t in range(100)], rel=1e-14)
    assert np.concatenate(list(found.blocks(0, 100))) == pytest.approx(etas, rel=0)
    assert found.etas(37, 40) == pytest.approx(etas[37:40], rel=0)


@pytest.mark.parametrize(
    ("formula", "first"),
    [("eta0 (1 - t/50)", 50), ("1/(t - 3)^2", 3), ("1/mu", 0), ("log(mu)", 0), ("t", 0), ("1e300^t", 2)],
)
def test_a_step_size_that_is_not_positive_and_finite_says_when(formula, first) -> None:
    with pytest.raises(UsageError, match=f"at t = {first}$") as caught:
        schedule(formula, 1, VALUES).etas(0, 100)
    assert caught.value.hint == "a step size must be positive and finite at every step"


def test_an_unknown_name_in_a_schedule_lists_the_known_ones() -> None:
    with pytest.raises(FormulaError) as caught:
        schedule("1/lipschitz", 1, VALUES)
    assert caught.value.hint
    assert ARGUMENTS[0] == "t"


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_a_schedule_that_ends_at_zero_runs_to_its_last_step(go, problem, method) -> None:
    run, _ = go(problem(), method=method, eta="0.01 (1 - t/T)", steps=30, gap=0.0)
    assert run.t == 30


def test_blocks_cover_long_runs() -> None:
    found = Schedule("1/(1 + t)", lambda t, *_: 1 / (1 + t), 1, VALUES)
    assert np.concatenate(list(found.blocks(0, 10_000))) == pytest.approx(1 / np.arange(1.0, 10_001.0), rel=1e-15)


@pytest.mark.parametrize("loss", ["(p - y)^4", "cosh(p - y)", "(p - y)^2/2 + (p - y)^6"])
def test_without_an_L_the_step_size_is_the_curvature_at_both_ends(problem, loss) -> None:
    plan = prepare(problem("squared"), Options(loss=loss))
    bends = [
        np.linalg.eigvalsh(plan.risk.curvature(theta))[-1] for theta in (plan.theta0, plan.certificate.optimum.theta)
    ]
    assert plan.schedule.etas(0, 1)[0] == pytest.approx(1.0 / max(bends), rel=1e-2)
    assert any("not proven safe" in note for note in plan.problem.notes)


@pytest.mark.parametrize("loss", ["(p - y)^4", "poisson"])
def test_without_an_L_max_the_step_size_is_that_of_the_worst_row(problem, loss) -> None:
    data = problem("squared")
    data = replace(data, y=np.abs(data.y))
    plan = prepare(data, Options(loss=loss, method="sgd"))
    ends = (plan.theta0, plan.certificate.optimum.theta)
    seconds = [plan.risk.kernel.second(plan.risk.X @ theta, plan.risk.y) for theta in ends]
    worst = max(float(np.max(second * (plan.risk.X**2).sum(axis=1))) for second in seconds)
    assert plan.schedule.etas(0, 1)[0] == pytest.approx(0.5 / worst, rel=1e-2)


def test_a_method_that_may_draw_rows_is_told_how(problem) -> None:
    with pytest.raises(UsageError) as caught:
        prepare(problem(), Options(method="heavy_ball", sampling="shuffle"))
    assert "--batch 1" in (caught.value.hint or "")
    assert prepare(problem(), Options(method="heavy_ball", sampling="shuffle", batch=1)).stochastic
