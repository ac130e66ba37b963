"""F = R + w . |theta|: its minimiser, its proof and its gaps against exact fractions, 50 digits and scikit-learn."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression

from gdcli.errors import UsageError
from gdcli.risk.certificate.sparse import SparseCertificate
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.signed import minimise_signed
from gdcli.risk.truth import establish


def sparse(smooth: LinearRisk, weight: float, *, free: bool = True) -> SparseRisk:
    """The last coordinate is not penalised where it is `free`."""
    pull = np.full(smooth.width, weight)
    if free:
        pull[-1] = 0.0
    return SparseRisk(smooth, pull)


def found(risk: SparseRisk) -> SparseCertificate:
    certificate = establish(risk, np.zeros(risk.width))
    assert isinstance(certificate, SparseCertificate)
    return certificate


def steepest(smooth: LinearRisk) -> float:
    """The largest slope of a coordinate where only the intercept, the last one, is fitted: by bisection."""
    theta = np.zeros(smooth.width)
    low, high = -1e3, 1e3
    for _ in range(200):
        theta[-1] = (low + high) / 2
        low, high = (low, theta[-1]) if smooth.gradient(theta)[-1] > 0 else (theta[-1], high)
    return float(np.max(np.abs(smooth.gradient(theta)[:-1])))


# Lassos solved in fractions.


def solved(A: list[list[Fraction]], b: list[Fraction]) -> list[Fraction] | None:
    """A x = b by elimination; None for a singular A."""
    n = len(b)
    rows = [[*row, value] for row, value in zip(A, b, strict=True)]
    for i in range(n):
        pivot = next((r for r in range(i, n) if rows[r][i]), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [a - rows[r][i] * c for a, c in zip(rows[r], rows[i], strict=True)]
    return [row[-1] for row in rows]


class Exact:
    """The lasso of a risk in fractions: F, and its minimiser by trying all signs."""

    def __init__(self, risk: SparseRisk) -> None:
        self.X = [[Fraction(v) for v in row] for row in risk.X.tolist()]
        self.y = [Fraction(v) for v in risk.smooth.y.tolist()]
        self.l2 = [Fraction(v) for v in risk.penalty.tolist()]
        self.pull = [Fraction(v) for v in risk.pull.tolist()]
        N, k = risk.X.shape
        self.H = [
            [sum(x[a] * x[b] for x in self.X) / N + (self.l2[a] if a == b else 0) for b in range(k)] for a in range(k)
        ]
        self.c = [sum(x[a] * y for x, y in zip(self.X, self.y, strict=True)) / N for a in range(k)]
        self.constant = sum(y * y for y in self.y) / (2 * N)

    def value(self, theta: list[Fraction]) -> Fraction:
        bent = [sum(h * t for h, t in zip(row, theta, strict=True)) for row in self.H]
        smooth = sum(t * (b / 2 - c) for t, b, c in zip(theta, bent, self.c, strict=True)) + self.constant
        return smooth + sum(w * abs(t) for w, t in zip(self.pull, theta, strict=True))

    def minimiser(self) -> list[Fraction]:
        k = len(self.c)
        for signs in product(*[(0, 1, -1) if w else (1,) for w in self.pull]):
            A = [j for j in range(k) if signs[j]]
            forces = [self.c[j] - self.pull[j] * signs[j] for j in A]
            part = solved([[self.H[a][b] for b in A] for a in A], forces)
            if part is None:
                continue
            theta = [Fraction(0)] * k
            for j, value in zip(A, part, strict=True):
                theta[j] = value
            bent = [sum(h * t for h, t in zip(row, theta, strict=True)) for row in self.H]
            slopes = [b - c for b, c in zip(bent, self.c, strict=True)]
            right = all(theta[j] * signs[j] >= 0 for j in A if self.pull[j])
            if right and all(abs(slopes[j]) <= self.pull[j] for j in range(k) if not signs[j]):
                return theta
        raise AssertionError("no signs satisfy the conditions of Karush, Kuhn and Tucker")


def around(theta: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Points at all distances, with zeros kept, made and left."""
    moves = [size * rng.normal(size=len(theta)) for size in (1.0, 1e-3, 1e-6, 1e-9, 1e-13)]
    return [
        theta,
        np.zeros_like(theta),
        -theta,
        *[theta + move for move in moves],
        *[theta + move * (theta != 0) for move in moves],
        *[theta * (1 + move) for move in moves],
    ]


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("share", [1e-4, 0.1, 0.5, 0.999, 2.0])
@pytest.mark.parametrize(
    ("kind", "N", "d"), [("plain", 12, 3), ("scales", 12, 3), ("correlated", 9, 4), ("plain", 4, 5)]
)
def test_small_lassos_are_those_of_fractions(data, make, kind, N, d, share, l2) -> None:
    X, y = data("squared", kind, N=N, d=d)
    smooth = make("squared", X, y, l2=l2)
    risk = sparse(smooth, share * steepest(smooth))
    exact, certificate = Exact(risk), found(risk)
    theta, hat = exact.minimiser(), certificate.optimum.theta
    least = exact.value(theta)
    assert [t == 0 for t in theta] == (hat == 0.0).tolist()
    assert hat == pytest.approx([float(t) for t in theta], rel=1e-9, abs=1e-14 * max(abs(float(t)) for t in theta))
    excess = exact.value([Fraction(v) for v in hat.tolist()]) - least
    assert 0 <= excess <= Fraction(certificate.omega)
    assert certificate.omega <= 1e-20 * certificate.optimum.risk_optimum
    for point in around(hat, np.random.default_rng(0)):
        gap = certificate.gap(point)
        truth = exact.value([Fraction(v) for v in point.tolist()]) - least
        assert Fraction(gap.lower) <= truth <= Fraction(gap.upper)
        if truth > 1e-14 * least:
            assert gap.upper - gap.lower <= 1e-6 * gap.value


def test_a_tie_and_two_equal_columns_are_proven_all_the_same(make) -> None:
    """With x in twice its share is anything between: the minimum is that of x alone."""
    x, y = np.array([[-1.0], [0.0], [1.0], [2.0]]), np.array([0.0, 1.0, 1.0, 4.0])
    once = sparse(make("squared", x, y), 0.25)
    twice = sparse(make("squared", np.hstack([x, x]), y), 0.25)
    exact, certificate = Exact(once), found(twice)
    truth = exact.value(exact.minimiser())
    assert certificate.optimum.risk_optimum == pytest.approx(float(truth), rel=1e-15)
    assert certificate.omega <= 1e-13 * float(truth)
    a, b, intercept = certificate.optimum.theta.tolist()
    assert [a + b, intercept] == pytest.approx([float(v) for v in exact.minimiser()], rel=1e-12)


# Other losses at 50 digits.


def conditions(risk: SparseRisk, hat: np.ndarray, truth) -> mpmath.mpf:
    """F* at 50 digits: Newton with the signs of theta_hat, then the conditions that make it the minimum."""
    with mpmath.workdps(50):
        A = [j for j in range(risk.width) if hat[j] != 0.0 or risk.pull[j] == 0.0]
        signs = [0 if risk.pull[j] == 0.0 else int(np.sign(hat[j])) for j in A]
        theta = [mpmath.mpf(v) for v in hat.tolist()]
        for _ in range(8):
            _, g, H = truth.evaluate(theta)
            left = mpmath.matrix([g[j] + mpmath.mpf(risk.pull[j]) * s for j, s in zip(A, signs, strict=True)])
            move = mpmath.lu_solve(mpmath.matrix([[H[a, b] for b in A] for a in A]), left)
            for j, step in zip(A, move, strict=True):
                theta[j] -= step
        value, g, _ = truth.evaluate(theta)
        for j in range(risk.width):
            s = int(np.sign(hat[j]))
            assert theta[j] * s >= 0
            left = abs(g[j] + mpmath.mpf(risk.pull[j]) * s)
            assert left <= (mpmath.mpf(10) ** -40 if j in A else mpmath.mpf(risk.pull[j]))
        return value + mpmath.fsum(mpmath.mpf(w) * abs(t) for w, t in zip(risk.pull.tolist(), theta, strict=True))


@pytest.mark.parametrize("kind", ["plain", "scales", "outlier"])
@pytest.mark.parametrize("share", [0.01, 0.3])
@pytest.mark.parametrize("name", ["squared", "logistic", "huber", "logcosh", "poisson", "squared_hinge", "exponential"])
def test_optimum_and_gaps_against_50_digits(data, make, truth, name, kind, share) -> None:
    X, y = data(name, kind, N=25, d=4)
    smooth = make(name, X, y)
    risk = sparse(smooth, share * steepest(smooth))
    certificate = found(risk)
    hat, exact = certificate.optimum.theta, truth(smooth)
    least = conditions(risk, hat, exact)
    assert math.isfinite(certificate.omega)
    assert certificate.omega <= 1e-15 * abs(certificate.optimum.risk_optimum)
    with mpmath.workdps(50):
        for point in around(hat, np.random.default_rng(1)):
            if np.max(np.abs(risk.X @ point)) > 100.0 and name in ("poisson", "exponential"):
                continue  # exp of it is no double: a run there has diverged
            norm = mpmath.fsum(mpmath.mpf(w) * abs(mpmath.mpf(t)) for w, t in zip(risk.pull, point, strict=True))
            difference = exact.value(point.tolist()) + norm - least
            gap = certificate.gap(point)
            assert mpmath.mpf(gap.lower) <= difference <= mpmath.mpf(gap.upper)


@pytest.mark.parametrize("name", ["squared", "logistic", "huber", "logcosh", "poisson"])
def test_more_columns_than_rows_have_a_proven_minimum(data, make, truth, name) -> None:
    X, y = data(name, "plain", N=12, d=20)
    smooth = make(name, X, np.minimum(y, 20.0))
    risk = sparse(smooth, 0.3 * steepest(smooth))
    certificate = found(risk)
    hat = certificate.optimum.theta
    assert 1 < np.count_nonzero(hat) <= 12
    assert certificate.omega <= 1e-15 * abs(certificate.optimum.risk_optimum)
    excess = truth(smooth).value(hat.tolist()) + mpmath.mpf(risk.norm(hat)) - conditions(risk, hat, truth(smooth))
    assert -1e-14 * abs(certificate.optimum.risk_optimum) <= excess


@pytest.mark.parametrize("name", ["squared", "logistic", "huber", "poisson"])
def test_from_the_steepest_slope_on_theta_is_zero(data, make, name) -> None:
    X, y = data(name, "plain", N=21, d=4)
    smooth = make(name, X, y, intercept=False)
    largest = float(np.max(np.abs(smooth.gradient(np.zeros(4)))))
    for weight, zero in ((largest * (1 + 1e-12), True), (3 * largest, True), (largest * (1 - 1e-6), False)):
        certificate = found(sparse(smooth, weight, free=False))
        assert (not certificate.optimum.theta.any()) == zero
        assert certificate.omega <= 1e-14 * abs(certificate.optimum.risk_optimum)


def test_a_minimum_without_curvature_is_proven_by_shorter_slopes(make) -> None:
    """Huber's function far from all targets: the intercept may be anything between the middle two."""
    x, y = np.array([[1.0], [-1.0], [2.0], [-2.0]]), np.array([-30.0, -10.0, 10.0, 30.0])
    certificate = found(sparse(make("huber", x, y), 100.0))
    # Each |u| - 1/2, on the mean: (30 + 10 + 10 + 30)/4 - 1/2 for every intercept in [-9, 9].
    assert certificate.optimum.risk_optimum == pytest.approx(19.5, rel=1e-15)
    assert certificate.omega <= 1e-13


def test_omega_is_no_more_than_what_lies_above_the_least_of_the_loss(make) -> None:
    """Rows that a hyperplane parts, and an L1 term that is all but nothing: F >= 0 is then the best proof."""
    X = np.array([[1.0], [2.0], [-1.0], [-3.0]])
    certificate = found(sparse(make("logistic", X, np.sign(X[:, 0])), 1e-290))
    assert certificate.omega <= certificate.optimum.risk_optimum * (1 + 1e-6) < 1e-100


def test_an_intercept_that_falls_without_end_is_named(make) -> None:
    X = np.array([[1.0], [2.0], [3.0]])
    with pytest.raises(UsageError, match="without end"):
        found(sparse(make("logistic", X, np.ones(3)), 0.1))
    held = found(sparse(make("logistic", X, np.ones(3)), 0.1, free=False))
    assert held.omega <= 1e-14 * held.optimum.risk_optimum


# scikit-learn, within its tolerance.


def standardised(X: np.ndarray) -> np.ndarray:
    return np.asarray((X - X.mean(axis=0)) / X.std(axis=0))


@pytest.mark.parametrize(("l1", "l2"), [(1.0, 0.0), (20.0, 0.0), (0.5, 0.5), (5.0, 0.01)])
def test_diabetes_is_that_of_scikit_learn(make, l1, l2) -> None:
    X, y = load_diabetes(return_X_y=True)
    X = standardised(X)
    if l2:
        model = ElasticNet(alpha=l1 + l2, l1_ratio=l1 / (l1 + l2), tol=1e-14, max_iter=10**6)
    else:
        model = Lasso(alpha=l1, tol=1e-14, max_iter=10**6)
    model.fit(X, y)
    hat = found(sparse(make("squared", X, y, l2=l2), l1)).optimum.theta
    assert hat == pytest.approx([*model.coef_, model.intercept_], rel=1e-6, abs=1e-6)
    assert (hat[:-1] == 0.0).tolist() == (model.coef_ == 0.0).tolist()


@pytest.mark.parametrize(("solver", "intercept"), [("liblinear", False), ("saga", True)])
def test_logistic_is_that_of_scikit_learn(make, solver, intercept) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    X, signs = standardised(X[:, :8]), 2.0 * y - 1.0
    risk = sparse(make("logistic", X, signs, intercept=intercept), 0.02, free=intercept)
    # `penalty` goes away in 1.10, and l1_ratio says nothing by itself before 1.8.
    old = LogisticRegression().get_params().get("penalty") == "l2"
    penalty = {"penalty": "l1"} if old else {"l1_ratio": 1.0}
    C = 1.0 / (0.02 * len(y))
    model = LogisticRegression(
        C=C, solver=solver, fit_intercept=intercept, tol=1e-10, max_iter=20_000, random_state=0, **penalty
    )
    model.fit(X, y)
    hat = found(risk).optimum.theta
    theirs = [*model.coef_[0], *(model.intercept_ if intercept else [])]
    assert hat == pytest.approx(theirs, rel=1e-4, abs=1e-5)
    assert risk.value(hat) <= risk.value(np.array(theirs)) + 1e-15


# The pieces.

FINITE = st.floats(-1e6, 1e6, width=32)
THETA = arrays(np.float64, 4, elements=FINITE)


def of_one_row(pull: np.ndarray, make) -> SparseRisk:
    return SparseRisk(make("squared", np.ones((1, 4)), np.zeros(1), intercept=False), pull)


@given(v=THETA, u=THETA, pull=arrays(np.float64, 4, elements=st.floats(0, 1e3, width=32)), eta=st.floats(1e-3, 1e3))
def test_prox_is_the_minimiser_and_brings_no_two_points_apart(v, u, pull, eta) -> None:
    from tests.risk.conftest import build

    risk = of_one_row(pull, build)
    p, q = risk.prox(v, eta), risk.prox(u, eta)
    for j in range(4):
        exact, drawn = Fraction(v[j]), Fraction(eta) * Fraction(pull[j])
        truth = max(abs(exact) - drawn, 0) * (1 if exact > 0 else -1)
        assert abs(Fraction(p[j]) - truth) <= Fraction(2**-51) * (abs(exact) + drawn)
    assert np.linalg.norm(p - q) <= np.linalg.norm(v - u) * (1 + 1e-12) + 1e-9 * eta * np.max(pull)
    assert not np.any(np.signbit(p) & (p == 0.0))


@given(v=THETA)
def test_prox_without_a_pull_is_nothing(v) -> None:
    from tests.risk.conftest import build

    assert np.array_equal(of_one_row(np.zeros(4), build).prox(v, 3.0), v)


@given(
    A=arrays(np.float64, (5, 4), elements=st.integers(-3, 3)),
    c=arrays(np.float64, 4, elements=st.integers(-9, 9)),
    weight=st.integers(1, 9),
)
def test_the_quadratic_with_signs_meets_its_conditions(A, c, weight) -> None:
    """H may be singular; the L1 term holds v all the same wherever c leaves the range of H by less than the weight."""
    H, pull = A.T @ A, np.full(4, float(weight))
    v = minimise_signed(H, H @ c, pull, np.zeros(4))
    slopes = H @ (v - c)
    size = 1e-9 * (1 + np.max(np.abs(H)) * np.max(np.abs(c)))
    assert np.all(np.abs(slopes) <= weight + size)
    assert np.all(np.abs(slopes + weight * np.sign(v))[v != 0.0] <= size)


def test_the_shortest_subgradient_by_hand(make) -> None:
    # R = (theta - 3)^2/2 in each of two coordinates: rows (sqrt 2) e_j, N = 2.
    X = np.sqrt(2.0) * np.eye(2)
    risk = sparse(make("squared", X, X @ [3.0, -3.0], intercept=False), 1.0, free=False)
    assert risk.gradient(np.zeros(2)) == pytest.approx([-2.0, 2.0])
    assert risk.gradient(np.array([2.0, -2.0])) == pytest.approx([0.0, 0.0], abs=1e-15)
    assert risk.gradient(np.array([-1.0, 0.0])) == pytest.approx([-5.0, 2.0])
    assert risk.value(np.array([2.0, -2.0])) == pytest.approx(0.5 + 0.5 + 4.0)
