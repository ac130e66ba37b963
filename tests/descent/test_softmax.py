"""Softmax runs: which targets are classes, what the parameters are called, and the theory's bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.errors import UsageError

COLOURS = ("blue", "green", "red")


@pytest.fixture
def colours(data):
    """Three classes of 60 rows that overlap, on columns of different sizes."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 2))
    y = (X @ rng.normal(size=(2, 3)) + rng.gumbel(size=(60, 3))).argmax(axis=1)
    return data(X * [100.0, 0.01] + [5.0, 3.0], y, COLOURS)


def test_texts_of_several_classes_take_softmax(colours) -> None:
    plan = prepare(colours, Options())
    assert plan.risk.loss.name == "softmax"
    assert plan.problem.model == "3-class linear"
    assert plan.problem.coordinates.names[:4] == ("blue: x1", "blue: x2", "blue: intercept", "green: x1")
    assert plan.certificate.optimum.attained


@pytest.mark.parametrize("options", [{}, {"standardise": False}, {"intercept": False}], ids=str)
def test_the_parameters_are_those_of_the_file(colours, options) -> None:
    plan = prepare(colours, Options(**options))
    theta = np.random.default_rng(0).normal(size=plan.risk.width)
    found = plan.problem.coordinates.in_file_units(theta)
    scores = np.array(
        [
            sum(found[f"{name}: {column}"] * colours.X[:, j] for j, column in enumerate(("x1", "x2")))
            + found.get(f"{name}: intercept", 0.0)
            for name in COLOURS
        ]
    )
    assert scores == pytest.approx(plan.risk.matrix(theta) @ plan.risk.X.T, rel=1e-12, abs=1e-12)
    assert tuple(found) == plan.problem.coordinates.names


def test_descent_arrives_at_scikit_learns_answer(colours, go) -> None:
    run, steps = go(colours, gap=1e-12, l2=0.01)
    assert steps[-1].gap.upper <= 1e-12
    Z = run.plan.risk.X[:, :-1]
    fit = LogisticRegression(C=1.0 / (60 * 0.01), solver="newton-cg", tol=1e-12).fit(Z, colours.y)
    assert run.plan.risk.matrix(run.theta)[:, :-1] == pytest.approx(fit.coef_, abs=1e-4)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("eta", ["1/L", "0.5/L", "1.5/L"])
def test_gd_keeps_its_bounds(colours, go, l2: float, eta: str) -> None:
    run, steps = go(colours, eta=eta, l2=l2, gap=0.0, steps=200)
    for step in steps[1:]:
        assert step.gap.upper <= step.bound.value
    for promise in run.promises():
        assert steps[-1].gap.upper <= promise.value
    assert np.all(np.diff([step.risk for step in steps]) <= 1e-15)


def test_sgd_keeps_its_bound_in_the_mean(colours, go) -> None:
    gaps, bounds = [], set()
    for seed in range(20):
        _, steps = go(colours, method="sgd", seed=seed, epochs=3.0)
        gaps.append(steps[-1].averaged.value)
        bounds.add(steps[-1].bound.value)
    assert len(bounds) == 1
    assert np.mean(gaps) <= bounds.pop()


def test_sgd_by_rows_and_by_batches_of_one_row_class_agree(colours) -> None:
    plan = prepare(colours, Options(method="sgd"))
    theta = np.random.default_rng(1).normal(size=plan.risk.width)
    for i in range(5):
        row = plan.risk.row_gradient(theta, i)
        assert plan.risk.batch_gradient(theta, np.array([i])) == pytest.approx(row, rel=1e-13, abs=1e-16)


def test_two_texts_can_take_softmax_too(data, problem) -> None:
    plan, logistic = prepare(problem("logistic"), Options(loss="softmax")), prepare(problem("logistic"), Options())
    assert plan.problem.coordinates.names[:4] == ("no: x1", "no: x2", "no: x3", "no: intercept")
    assert plan.certificate.optimum.risk_optimum == pytest.approx(logistic.certificate.optimum.risk_optimum, rel=1e-14)


def test_few_whole_numbers_are_classes_where_softmax_is_asked_for(data, problem) -> None:
    X = problem().X
    numbers = data(X, np.arange(24) % 3 * 5.0 - 5.0)
    assert prepare(numbers, Options()).risk.loss.name == "squared"
    plan = prepare(numbers, Options(loss="softmax"))
    assert plan.problem.coordinates.names[0] == "-5: x1"
    assert plan.problem.dataset.labels == ("-5", "0", "5")
    assert plan.problem.notes == ('classes: the whole numbers -5, 0, 5 of "y" are taken as names of classes',)
    two = prepare(data(X, np.arange(24) % 2 / 2.0, ("0", "0.5")), Options(loss="softmax"))
    assert two.problem.coordinates.names[0] == "0: x1"


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.arange(24) / 2, "softmax loss needs classes, and target 'y' is 0.5 in data row 2"),
        (np.arange(24.0), "softmax loss takes at most 20 classes, and target 'y' has 24 different numbers"),
        (np.full(24, 7.0), "softmax loss needs two classes or more, and target 'y' is 7 in every row"),
    ],
    ids=["halves", "many", "constant"],
)
def test_other_numbers_are_no_classes(data, problem, y, message) -> None:
    with pytest.raises(UsageError) as caught:
        prepare(data(problem().X, y), Options(loss="softmax"))
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize("loss", ["logistic", "squared_hinge", "hinge"])
def test_the_losses_of_two_classes_say_so(colours, loss) -> None:
    with pytest.raises(Exception, match="two classes are needed, and y has 3 values"):
        prepare(colours, Options(loss=loss))


def test_squared_loss_wants_numbers(colours) -> None:
    with pytest.raises(UsageError, match="squared loss needs a numeric target"):
        prepare(colours, Options(loss="squared"))


def test_names_that_would_run_together(data, problem) -> None:
    both = replace(data(problem().X[:, :2], np.arange(24) % 3, ("a", "a: b", "c")), columns=("b: x", "x"))
    with pytest.raises(UsageError, match='two parameters are called "a: b: x"') as caught:
        prepare(both, Options())
    assert caught.value.hint == "rename the class or the column"


def test_constant_columns_are_named_and_all_constant_is_an_error(data) -> None:
    plan = prepare(data([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [1.0, 2.0]], [0, 1, 2, 1], COLOURS), Options())
    assert plan.problem.notes == ("constant column, of no use beside an intercept: x2",)
    with pytest.raises(UsageError, match="every feature is 0"):
        prepare(data([[0.0], [0.0], [0.0]], [0, 1, 2], COLOURS), Options(intercept=False))


def test_a_diverging_run_ends_as_one(colours, go) -> None:
    run, _ = go(colours, eta="1e300", steps=50)
    assert run.stopped is not None
    assert isinstance(run, Run)
