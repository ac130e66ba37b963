"""No data set ends in a traceback: a run, or an error with a message and a hint; and what a run certifies holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdcli.data.dataset import Dataset, Origin
from gdcli.descent import report
from gdcli.descent.plan import Options, prepare
from gdcli.descent.run import Run
from gdcli.errors import GdcliError
from gdcli.risk.certificate.smooth import value_rounding
from gdcli.risk.losses import LOSSES

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = X @ [1.0, 2.0, 3.0] + RNG.normal(size=40)
FEATURES = {
    "plain": X,
    "1e300": X * 1e300,
    "1e-300": X * 1e-300,
    "one column of 1e300": X * [1, 1, 1e300],
    "one column of 1e-20": X * [1, 1, 1e-20],
    "one column of 1e17": X * [1, 1, 1e17],
    "offset 1e9": X + 1e9,
    "each column twice": np.column_stack([X, X]),
    "a constant column": np.column_stack([X, np.ones(40)]),
    "zeros": np.zeros((40, 2)),
    "one row": X[:1],
    "two rows": X[:2],
    "one binary column": (X[:, :1] > 0).astype(float),
}
TARGETS = {
    "plain": Y,
    "constant": np.full(40, 3.0),
    "zero": np.zeros(40),
    "1e12": Y + 1e12,
    "1e-200": Y * 1e-200,
    "1e200": Y * 1e200,
    "coin": (RNG.uniform(size=40) < 0.5).astype(float),
    "separable": (X[:, 0] > 0).astype(float),
}


def dataset(features: np.ndarray, target: np.ndarray, labels: tuple[str, ...] | None) -> Dataset:
    features = np.ascontiguousarray(features)
    names = tuple(f"x{j}" for j in range(features.shape[1]))
    return Dataset(features, target, names, "y", labels, Origin("here", len(features), "0", True, ","), ())


def holds(data: Dataset, **options: object) -> None:
    refused = None
    try:
        plan = prepare(data, Options(**options))
    except GdcliError as error:
        refused = error
    if refused is not None:
        assert refused.message
        assert refused.hint
        return
    run = Run(plan, lambda: 0.0)
    steps = list(run)
    found = report.run_report(run, steps[-1])
    assert run.stopped is not None
    for step in steps:
        gap = step.gap
        assert 0.0 <= gap.lower <= gap.value <= gap.upper
        # R is never certified below R* or above it by what it is not, however badly the data are scaled.
        if math.isfinite(step.risk) and math.isfinite(gap.upper):
            optimum = plan.certificate.optimum.risk_optimum
            slack = 1e-9 * (abs(step.risk) + abs(optimum)) + plan.certificate.omega + (gap.upper - gap.lower)
            slack += value_rounding(plan.risk, step.theta) + value_rounding(plan.risk, plan.certificate.optimum.theta)
            assert gap.lower - slack <= step.risk - optimum <= gap.upper + slack
    assert set(found.theta) == {*data.columns, *["intercept"] * plan.options.intercept}


@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize("standardise", [True, False])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("target", TARGETS)
def test_hostile_data(features, target, method, standardise, intercept) -> None:
    x = FEATURES[features]
    y = TARGETS[target][: len(x)]
    labels = ("no", "yes") if target in ("coin", "separable") else None
    holds(dataset(x, y, labels), method=method, standardise=standardise, intercept=intercept, steps=60)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in ("squared", "logistic")])
@pytest.mark.parametrize("standardise", [True, False])
@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("target", TARGETS)
def test_hostile_data_for_the_other_losses(features, target, loss, standardise) -> None:
    x = FEATURES[features]
    y = TARGETS[target][: len(x)]
    labels = ("0", "1") if target in ("coin", "separable") else None
    if LOSSES[loss].target == "counts":
        y = np.abs(y)
    holds(dataset(x, y, labels), loss=loss, standardise=standardise, steps=30)


@pytest.mark.parametrize("l2", [1e-300, 1e-20, 1e-9, 1.0, 1e10, 1e60])
@pytest.mark.parametrize("target", ["plain", "coin", "separable"])
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_penalties_of_every_size(l2, target, method) -> None:
    labels = None if target == "plain" else ("no", "yes")
    holds(dataset(X, TARGETS[target], labels), method=method, l2=l2, steps=60)


def test_a_cell_whose_square_is_zero_beside_ones() -> None:
    data = dataset(np.array([[1.0, 0.0], [0.0, 5.3e-297], [0.0, 1.0]]), np.array([0.0, 1.0, 0.0]), ("a", "b"))
    holds(data, standardise=False, intercept=False, steps=20)


def test_rows_left_after_separation_may_be_tiny() -> None:
    x = np.array([[1.0, 0.0, -3.0], [4.13747304e152, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    holds(dataset(x, np.array([0.0, 1.0, 0.0, 1.0]), ("a", "b")), intercept=False, steps=20)


def test_a_column_whose_inverse_is_no_double() -> None:
    x = np.array([[0.0], [0.0], [0.25], [4.49423284e307]])
    holds(dataset(x, np.array([0.0, 1.0, 0.0, 1.0]), ("a", "b")), intercept=False, steps=20)


CELLS = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e9, 1e9, allow_subnormal=False),
    st.floats(allow_nan=False, allow_infinity=False, width=64, allow_subnormal=False),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_any_small_table(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 3))
    x = data.draw(arrays(np.float64, (rows, columns), elements=CELLS))
    binary = rows > 1 and data.draw(st.booleans())
    y = data.draw(arrays(np.float64, rows, elements=CELLS))
    if binary:
        y = (np.arange(rows) % 2).astype(float)
    holds(
        dataset(x, y, ("a", "b") if binary else None),
        method=data.draw(st.sampled_from(["gd", "sgd"])),
        standardise=data.draw(st.booleans()),
        intercept=data.draw(st.booleans()),
        l2=data.draw(st.sampled_from([0.0, 1e-6, 1.0])),
        steps=20,
    )
