from __future__ import annotations

import mpmath
import numpy as np
import pytest

from gdcli.risk.losses import LOSSES

KINDS = ["plain", "scales", "correlated", "offset", "outlier"]
CASES = [
    pytest.param(name, kind, l2, intercept, id=f"{name}-{kind}-l2={l2:g}-{'intercept' if intercept else 'origin'}")
    for name in LOSSES
    for kind in KINDS
    for l2 in (0.0, 0.3)
    for intercept in (True, False)
]


def near(found: object, exact: object, size: object, tolerance: float = 1e-14) -> bool:
    """Equal up to the rounding of sums whose terms have the given size."""
    a, b = np.asarray(found, dtype=float), np.asarray(exact, dtype=float)
    return bool(np.all(np.abs(a - b) <= tolerance * np.asarray(size, dtype=float)))


@pytest.mark.parametrize(("name", "kind", "l2", "intercept"), CASES)
def test_value_gradient_and_curvature_against_50_digit_sums(make, data, truth, name, kind, l2, intercept) -> None:
    risk = make(name, *data(name, kind), l2=l2, intercept=intercept)
    theta = np.random.default_rng(1).normal(size=risk.width) / np.abs(risk.X).max(axis=0)
    value, g, H = truth(risk).evaluate(theta.tolist())
    # Rounding of a prediction x . theta is of the size |x| . |theta|, and moves the loss by its slope.
    reach = np.abs(risk.X) @ np.abs(theta) + np.abs(risk.y)
    steep = np.abs(risk.X).max(axis=0) * reach.max() + risk.penalty * np.abs(theta) + 1.0
    assert risk.value(theta) == pytest.approx(float(value), rel=1e-13)
    assert near(risk.gradient(theta), g.T.tolist()[0], steep)
    assert near(risk.curvature(theta), H.tolist(), np.outer(steep, steep))
    both = risk.value_and_gradient(theta)
    assert both[0] == risk.value(theta)
    assert np.array_equal(both[1], risk.gradient(theta))


@pytest.mark.parametrize(("name", "kind", "l2", "intercept"), CASES)
def test_rows_and_batches_average_to_the_gradient(make, data, name, kind, l2, intercept) -> None:
    risk = make(name, *data(name, kind), l2=l2, intercept=intercept)
    theta = np.random.default_rng(2).normal(size=risk.width) / np.abs(risk.X).max(axis=0)
    reach = np.abs(risk.X) @ np.abs(theta) + np.abs(risk.y)
    size = np.abs(risk.X).max(axis=0) * reach.max() + risk.penalty * np.abs(theta) + 1.0
    rows = np.array([risk.row_gradient(theta, i) for i in range(risk.rows)])
    assert near(rows.mean(axis=0), risk.gradient(theta), size)
    assert near(risk.batch_gradient(theta, np.arange(risk.rows)), risk.gradient(theta), size)
    batch = np.array([3, 3, 0, 11])
    assert near(risk.batch_gradient(theta, batch), rows[batch].mean(axis=0), size)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_gradient_and_curvature_are_the_differences_of_the_value(make, data, truth, name, l2) -> None:
    risk = make(name, *data(name, "plain"), l2=l2)
    exact = truth(risk)
    theta = np.random.default_rng(3).normal(size=risk.width)
    with mpmath.workdps(50):
        h = mpmath.mpf(10) ** -12
        point = [mpmath.mpf(v) for v in theta]
        for j in range(risk.width):
            up, down = list(point), list(point)
            up[j], down[j] = up[j] + h, down[j] - h
            slope = (exact.value(up) - exact.value(down)) / (2 * h)
            bend = (exact.value(up) - 2 * exact.value(point) + exact.value(down)) / h**2
            assert risk.gradient(theta)[j] == pytest.approx(float(slope), rel=1e-12, abs=1e-14)
            assert risk.curvature(theta)[j, j] == pytest.approx(float(bend), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.target == "signs"])
def test_badly_misclassified_rows_keep_their_curvature(make, truth, name) -> None:
    risk = make(name, [[1.0], [-2.0]], [-1.0, 1.0], intercept=False)
    theta = np.array([30.0])
    _, _, H = truth(risk).evaluate(theta.tolist())
    assert risk.curvature(theta)[0, 0] == pytest.approx(float(H[0, 0]), rel=1e-13)
