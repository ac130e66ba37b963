"""Runs with an L1 term: the steps, the gaps and the bounds, the report, and what cannot be run."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_wine

from gdcli.data.dataset import Dataset
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.report import run_report
from gdcli.errors import UsageError

METHODS = ["prox_gradient", "fista", "fista(restart=0)"]


def diabetes(data) -> Dataset:
    return data(*load_diabetes(return_X_y=True))


def wine(data) -> Dataset:
    X, y = load_wine(return_X_y=True)
    return data(X, (y == 0).astype(float), ("no", "yes"))


def wide(data) -> Dataset:
    """More columns than rows."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(30, 60))
    return data(X, X[:, :3] @ [3.0, -2.0, 1.0] + 0.1 * rng.normal(size=30))


def drawn(value: Fraction, by: Fraction) -> Fraction:
    return max(abs(value) - by, Fraction(0)) * (1 if value > 0 else -1)


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_proximal_gradient_is_exact_rational_arithmetic(problem, go, l2) -> None:
    sample = problem()
    run, steps = go(sample, method="prox_gradient", l1=0.25, l2=l2, standardise=False, eta="0.125", steps=12, every=1)
    X = [[*map(Fraction, row), Fraction(1)] for row in sample.X.tolist()]
    y = [Fraction(v) for v in sample.y.tolist()]
    theta = [Fraction(0)] * 4
    pull, ridge = [Fraction(1, 4)] * 3 + [Fraction(0)], [Fraction(l2)] * 3 + [Fraction(0)]
    zeros = set()
    for step in steps:
        assert step.theta == pytest.approx([float(t) for t in theta], rel=1e-13, abs=1e-15)
        errors = [sum(a * t for a, t in zip(x, theta, strict=True)) - v for x, v in zip(X, y, strict=True)]
        value = sum(e * e for e in errors) / (2 * len(y)) + sum(
            w * abs(t) + r * t * t / 2 for w, r, t in zip(pull, ridge, theta, strict=True)
        )
        assert step.risk == pytest.approx(float(value), rel=1e-13)
        zeros |= {j for j in range(3) if theta[j] == 0 and step.theta[j] == 0}
        slopes = [
            sum(e * x[j] for e, x in zip(errors, X, strict=True)) / len(y) + ridge[j] * theta[j] for j in range(4)
        ]
        theta = [drawn(t - g / 8, w / 8) for t, g, w in zip(theta, slopes, pull, strict=True)]
        # Doubles would need ever more digits.
        theta = [Fraction(round(t * 2**200), 2**200) for t in theta]
    assert len(steps) == run.t + 1
    assert zeros


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("make", "l1"), [(diabetes, 2.0), (wine, 0.02), (wide, 0.2)])
def test_every_method_comes_to_a_gap_of_1e_9(data, go, make, l1, method) -> None:
    """The zeros of the optimum, which is proven, are those of the run."""
    sample = make(data)
    best = prepare(sample, Options(method="fista", l1=l1)).certificate.optimum
    run, steps = go(sample, method=method, l1=l1, gap=1e-9 * best.risk_optimum, steps=200_000)
    assert run.stopped is not None
    assert run.stopped.name == "GAP"
    assert steps[-1].gap.upper <= 1e-9 * best.risk_optimum
    assert ((best.theta != 0.0) <= (steps[-1].theta != 0.0)).all()
    assert run.plan.certificate.omega <= 1e-15 * best.risk_optimum
    if method == "prox_gradient":
        risks = [step.risk for step in steps]
        assert all(after <= before * (1 + 1e-14) for before, after in pairwise(risks))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("make", "l1", "l2"), [(diabetes, 2.0, 0.0), (wine, 0.02, 0.1), (wide, 0.2, 0.0)])
def test_no_gap_is_above_a_bound_that_is_met(data, go, make, l1, l2, method) -> None:
    run, steps = go(make(data), method=method, l1=l1, l2=l2, gap=0.0, steps=300)
    bounds = [step.bound.value for step in steps if step.bound is not None]
    assert all(step.gap.lower <= step.bound.value for step in steps if step.bound is not None)
    if method != "fista":
        assert len(bounds) == len(steps) - 1
        # One step of size 1/L: L D^2/2 for both families.
        distance = np.linalg.norm(run.plan.certificate.optimum.theta)
        assert bounds[0] <= run.plan.constants.L * distance**2 / 2 * (1 + 1e-9)
    report = run_report(run, steps[-1])
    assert {bound.name for bound in report.bounds} == (
        {"proximal gradient", "proximal linear rate"} if method == "prox_gradient" else {"accelerated"}
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("engine", ["interpret", "compile"])
def test_without_an_l1_term_they_are_gradient_descent_and_nesterovs(problem, go, method, engine) -> None:
    other = {"prox_gradient": "gd", "fista": "nesterov", "fista(restart=0)": "nesterov(restart=0)"}[method]
    _, ours = go(problem("logistic"), method=method, steps=40, gap=0.0, engine=engine)
    _, theirs = go(problem("logistic"), method=other, steps=40, gap=0.0, engine=engine)
    assert [step.theta.tolist() for step in ours] == [step.theta.tolist() for step in theirs]


@pytest.mark.parametrize("loss", ["squared", "huber", "logcosh", "(p - y)^4", "poisson"])
def test_losses_of_numbers_run_compiled_and_interpreted_alike(problem, data, go, loss) -> None:
    sample = problem()
    sample = data(sample.X, np.round(np.abs(sample.y)))
    ends = [
        go(sample, loss=loss, l1=0.1, engine=engine, steps=60, gap=0.0)[1][-1] for engine in ("interpret", "compile")
    ]
    assert ends[0].theta == pytest.approx(ends[1].theta, rel=1e-9, abs=1e-12)
    assert ends[0].gap.upper >= ends[0].gap.lower >= 0.0
    assert ends[0].risk < 0.9 * prepare(sample, Options(loss=loss, l1=0.1)).risk.value(np.zeros(4))


def test_fista_is_the_method_for_an_l1_term(problem) -> None:
    plan = prepare(problem(), Options(l1=0.1))
    assert plan.method.name == plan.options.method == "fista"
    assert "fista is the method for an L1 term" in plan.problem.notes
    assert prepare(problem(), Options()).method.name == "gd"


def test_the_intercept_is_penalised_only_where_asked(problem, go) -> None:
    _, free = go(problem(), l1=1e3, gap=1e-12)
    _, held = go(problem(), l1=1e3, penalise_intercept=True)
    assert not free[-1].theta[:-1].any()
    assert free[-1].theta[-1] == pytest.approx(np.mean(problem().y), rel=1e-3)
    assert not held[-1].theta.any()


def test_the_report_counts_zeros_and_knows_the_weights(data, go) -> None:
    run, steps = go(diabetes(data), l1=2.0, l2=0.01)
    report = run_report(run, steps[-1])
    document = dict(report.as_json())
    assert (document["l1"], document["l2"], document["method"]) == (2.0, 0.01, "fista")
    best = run.plan.certificate.optimum.theta
    assert document["zeros_optimum"] == int(np.sum(best == 0.0)) >= 2
    assert document["zeros"] == sum(value == 0.0 for value in report.theta_optimised.values())
    assert [name for name, value in report.theta.items() if value == 0.0] == [
        name for name, value in report.theta_optimised.items() if value == 0.0
    ]
    assert report.head.constants.rank == 11
    assert report.head.optimum.status == "attained"
    assert report.gradient_norm == pytest.approx(np.linalg.norm(run.plan.risk.gradient(run.theta)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "gd"}, "none where theta_j = 0"),
        ({"method": "sgd"}, "none where theta_j = 0"),
        ({"method": "lbfgs"}, "none where theta_j = 0"),
        ({"loss": "absolute"}, "has kinks of its own"),
        ({"loss": "|p - y|^3 + |p - y|"}, "has kinks of its own"),
        ({"loss": "(p - y)^3"}, "not known to be convex"),
        ({"loss": "softmax"}, "one prediction a row"),
        ({"model": "a*x1 + b"}, "one prediction a row"),
        ({"l1": 1e80}, "too large"),
        ({"l1": -1.0}, "--l1 is -1"),
        ({"l1": float("nan")}, "--l1 is nan"),
        ({"loss": "exp(p - y)"}, "without end"),
    ],
)
def test_what_has_no_l1_term_says_so(problem, options, message) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        prepare(problem(), Options(**{"l1": 0.1, **options}))
    assert caught.value.hint
