"""R* of absolute, quantile and hinge loss against fractions, linear programs and the peers' solvers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.linear_model import QuantileRegressor
from sklearn.svm import SVC

from gdcli.risk.certificate.vertex import certify_face
from gdcli.risk.losses import LOSSES as NAMED
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.polyhedral import interior
from gdcli.risk.optimum.polyhedral.kinks import Kinks, kinks
from gdcli.risk.optimum.polyhedral.solve import FaceOptimum, find_face
from gdcli.risk.truth import establish
from tests.oracles.polyhedral import LOSSES, Exact, build, sample, slopes

KINDS = ("normal", "integers", "standardised integers", "duplicates", "scales", "offset", "outlier")


def solve(risk: LinearRisk) -> FaceOptimum:
    found = find_face(risk, np.zeros(risk.width))
    assert certify_face(found).omega <= 1e-14 * (1e-3 + found.risk_optimum)
    return found


def program(risk: LinearRisk) -> float:
    """R* without a penalty by HiGHS: min (1/N) sum h u - l v with X theta - u + v = k."""
    N, k = risk.X.shape
    ends = [slopes(risk.kernel.loss.name, Fraction(v)) for v in risk.y.tolist()]
    cost = np.concatenate([np.zeros(k), [float(h) for _, h in ends], [-float(low) for low, _ in ends]]) / N
    equal = np.hstack([risk.X, -np.eye(N), np.eye(N)])
    bounds = [(None, None)] * k + [(0, None)] * (2 * N)
    return float(linprog(cost, A_eq=equal, b_eq=risk.y, bounds=bounds, method="highs").fun)


@pytest.mark.parametrize("name", LOSSES)
def test_the_pieces_are_the_loss(name: str) -> None:
    p = np.linspace(-3.0, 3.0, 41)
    for y in (-1.0, 1.0) if name == "hinge" else (-0.7, 0.0, 2.0):
        risk = build(name, p[:, None], np.full(41, y), intercept=False)
        found = kinks(risk).phi(p - y)
        assert found == pytest.approx(risk.kernel.value(p, risk.y), rel=1e-15, abs=1e-15)


def test_every_loss_with_one_kink_is_solved_here() -> None:
    assert {name for name, loss in NAMED.items() if loss.pieces} == {"absolute", "quantile", "hinge"}
    with pytest.raises(TypeError, match="squared loss has no two straight pieces"):
        kinks(build("squared", [[1.0]], [1.0]))


SMALL = st.integers(-2, 2)


@given(
    st.sampled_from(LOSSES),
    st.lists(st.tuples(SMALL, SMALL, st.integers(-3, 3)), min_size=3, max_size=7),
    st.lists(st.integers(-20, 20), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_small_integer_data_with_ties_against_all_corners(
    name: str, rows: list[tuple[int, int, int]], point: list[int]
) -> None:
    X = np.array([row[:2] for row in rows], dtype=float)
    y = np.array([row[2] for row in rows], dtype=float)
    risk = build(name, X, np.where(y > 0, 1.0, -1.0) if name == "hinge" else y)
    if np.linalg.matrix_rank(risk.X) < risk.width:
        return
    exact = Exact(risk)
    truth = exact.least()
    certificate = establish(risk, np.zeros(3))
    assert certificate.optimum.risk_optimum == pytest.approx(float(truth), rel=1e-14, abs=1e-14)
    assert certificate.omega <= 1e-15
    theta = np.array(point) / 8.0
    gap, found = exact.at(theta) - truth, certificate.gap(theta)
    assert Fraction(found.lower) <= gap <= Fraction(found.upper)


@given(
    st.sampled_from(LOSSES),
    st.lists(st.tuples(SMALL, SMALL, st.integers(-3, 3)), min_size=1, max_size=12),
    st.sampled_from([0.0, 1e-4, 0.5, 8.0]),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_any_data_is_proven_and_no_point_is_below(
    name: str, rows: list[tuple[int, int, int]], l2: float, intercept: bool
) -> None:
    X = np.array([row[:2] for row in rows], dtype=float)
    y = np.array([row[2] for row in rows], dtype=float)
    risk = build(name, X, np.where(y > 0, 1.0, -1.0) if name == "hinge" else y, l2, intercept)
    certificate = establish(risk, np.zeros(risk.width))
    optimum, exact = certificate.optimum, Exact(risk)
    assert certificate.omega <= 1e-14
    for shift in np.random.default_rng(0).normal(size=(5, risk.width)):
        theta = optimum.theta + 0.1 * shift
        gap = exact.at(theta) - Fraction(optimum.risk_optimum)
        found = certificate.gap(theta)
        assert Fraction(found.lower - 1e-14) <= gap <= Fraction(found.upper + 1e-14)


@pytest.mark.parametrize("l2", [0.0, 1e-3, 0.1])
@pytest.mark.parametrize("kind", ["normal", "scales", "offset", "outlier"])
@pytest.mark.parametrize("name", LOSSES)
def test_the_conditions_hold_in_fractions(name: str, kind: str, l2: float) -> None:
    # Of 40 rows 36 are nine tenths: then many intercepts would do.
    risk = build(name, *sample(name, kind, 41, 3, seed=1), l2)
    found = solve(risk)
    truth = Exact(risk).proven(found.theta, 1e-9)
    assert found.risk_optimum == pytest.approx(float(truth), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", LOSSES)
def test_against_a_linear_program(name: str, kind: str) -> None:
    X, y = sample(name, kind, 120, 4, seed=2)
    # The program's own tolerances are absolute.
    scaled = build(name, X / np.abs(X).max(axis=0) if kind in {"scales", "outlier"} else X, y)
    assert solve(build(name, X, y)).risk_optimum == pytest.approx(program(scaled), rel=1e-8)


@pytest.mark.parametrize("tau", [0.01, 0.25, 0.5, 0.9, 0.999])
def test_against_the_peers_quantile_regressions(tau: float) -> None:
    X, y = sample("absolute", "normal", 300, 4, seed=3)
    risk = build(f"quantile({tau})", X, y)
    found = solve(risk)
    peer = QuantileRegressor(quantile=tau, alpha=0.0, solver="highs").fit(X, y)
    assert found.theta == pytest.approx(np.append(peer.coef_, peer.intercept_), rel=1e-7, abs=1e-9)
    if 0.05 < tau < 0.95:
        other = sm.QuantReg(y, risk.X).fit(q=tau, max_iter=5000, p_tol=1e-12)
        assert found.theta == pytest.approx(other.params, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_against_a_support_vector_machine(C: float) -> None:
    X, y = sample("hinge", "normal", 200, 3, seed=4)
    # C sum hinge + |w|^2/2 is C N times R with lambda = 1/(C N).
    risk = build("hinge", X, y, l2=1.0 / (200 * C))
    found = solve(risk)
    peer = SVC(kernel="linear", C=C, tol=1e-9).fit(X, y)
    theta = np.append(peer.coef_[0], peer.intercept_)
    assert found.theta == pytest.approx(theta, rel=1e-3, abs=1e-5)
    assert 0.0 <= risk.value(theta) - found.risk_optimum <= 1e-6


def test_the_median_and_the_mean_of_two() -> None:
    odd = solve(build("absolute", np.ones((5, 1)), [3.0, 1.0, 4.0, 1.0, 5.0], intercept=False))
    assert odd.theta.tolist() == [3.0]
    assert odd.risk_optimum == pytest.approx(7 / 5, rel=1e-15)
    assert odd.method.endswith("then a vertex")
    assert odd.reason == "1 rows of 5 fit exactly; |alpha| <= 1 on them proves it"
    even = solve(build("absolute", np.ones((4, 1)), [0.0, 1.0, 3.0, 9.0], intercept=False))
    assert 1.0 < even.theta[0] < 3.0
    assert even.risk_optimum == pytest.approx(11 / 4, rel=1e-15)
    assert even.method.endswith("then the face of minimisers")
    assert even.reason.endswith("; the minimiser is not the only one")


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    ("X", "y"),
    [
        ([[2.0]], [1.0]),
        ([[1.0, 2.0, 3.0], [0.0, 1.0, 1.0]], [1.0, -1.0]),
        ([[1.0, 5.0], [1.0, 5.0], [1.0, 5.0]], [1.0, 1.0, 1.0]),
        ([[1.0], [2.0], [3.0], [4.0]], [-1.0, -1.0, 1.0, 1.0]),
        ([[0.0], [0.0], [1.0]], [1.0, 1.0, -1.0]),
    ],
    ids=["one row", "N < d", "one point", "a line", "two points"],
)
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_degenerate_data_is_proven(name: str, X: list[list[float]], y: list[float], l2: float) -> None:
    solve(build(name, X, y, l2))


@pytest.mark.parametrize("name", ["absolute", "quantile(0.9)"])
@pytest.mark.parametrize("kind", KINDS)
def test_targets_that_lie_on_a_plane(name: str, kind: str) -> None:
    X, _ = sample(name, kind, 30, 3, seed=5)
    found = solve(build(name, X, X @ np.arange(1.0, 4.0) - 2.0))
    assert found.risk_optimum <= 1e-14 * float(np.abs(X).max())


def test_separable_labels_have_no_loss() -> None:
    found = solve(build("hinge", [[-2.0], [-1.0], [1.0], [3.0]], [-1, -1, 1, 1]))
    assert found.risk_optimum == 0.0
    assert found.attained
    assert "separable" in found.reason
    one = solve(build("hinge", [[-2.0], [-1.0], [1.0], [3.0]], [1, 1, 1, 1]))
    assert one.risk_optimum == 0.0
    penalised = solve(build("hinge", [[-2.0], [-1.0], [1.0], [3.0]], [1, 1, 1, 1], l2=1.0))
    assert penalised.risk_optimum == pytest.approx(0.0, abs=1e-30)


def test_what_is_not_proven_says_so() -> None:
    """Ties that standardising broke at 1e-17, on labels that no point in the middle of the box balances."""
    rng = np.random.default_rng(54)
    X, y = rng.integers(0, 4, size=(8, 2)).astype(float), np.where(rng.uniform(size=8) < 0.5, 1.0, -1.0)
    certificate = establish(build("hinge", (X - X.mean(axis=0)) / X.std(axis=0), y), np.zeros(3))
    assert certificate.optimum.risk_optimum == pytest.approx(0.375, rel=1e-14)
    said = "no dual point is certain to be feasible" in certificate.optimum.reason
    assert said == (certificate.omega == np.inf)
    assert said == (certificate.gap(np.zeros(3)).upper == np.inf)


@pytest.mark.parametrize("name", LOSSES)
def test_of_equal_columns_the_nearest_to_the_start(name: str) -> None:
    X, y = sample(name, "normal", 30, 2, seed=6)
    twice = build(name, np.column_stack([X, X[:, 1]]), y)
    start = np.array([0.0, 3.0, -1.0, 0.0])
    found, plain = find_face(twice, start), find_face(build(name, X, y), np.zeros(3))
    assert found.rank == 3
    assert "rank 3 of 4" in found.reason
    assert found.risk_optimum == pytest.approx(plain.risk_optimum, rel=1e-13)
    assert found.theta[1] - found.theta[2] == pytest.approx(4.0, rel=1e-12)
    assert found.theta[1] + found.theta[2] == pytest.approx(plain.theta[1], rel=1e-10)


@pytest.mark.parametrize("unit", [1e-8, 1e8])
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("name", LOSSES)
def test_units_and_order_do_not_matter(name: str, l2: float, unit: float) -> None:
    X, y = sample(name, "normal", 60, 3, seed=7)
    plain = solve(build(name, X, y, l2))
    order = np.random.default_rng(0).permutation(60)
    shuffled = solve(build(name, X[order], y[order], l2))
    assert shuffled.theta == pytest.approx(plain.theta, rel=1e-13, abs=1e-14)
    if l2 == 0.0:
        scaled = solve(build(name, X * [1.0, unit, 1.0], y))
        assert scaled.theta * [1.0, unit, 1.0, 1.0] == pytest.approx(plain.theta, rel=1e-12)
    if name != "hinge" and l2 == 0.0:
        assert solve(build(name, X, unit * y)).risk_optimum == pytest.approx(unit * plain.risk_optimum, rel=1e-13)


@pytest.mark.parametrize("tau", ["1e-6", "0.999999"])
def test_quantiles_near_the_ends(tau: str) -> None:
    X, y = sample("absolute", "normal", 200, 2, seed=8)
    risk = build(f"quantile({tau})", X, y)
    found = solve(risk)
    assert found.risk_optimum == pytest.approx(float(Exact(risk).proven(found.theta, 1e-9)), rel=1e-12)


@pytest.mark.parametrize("l2", [1e-12, 1e60])
@pytest.mark.parametrize("name", LOSSES)
def test_the_least_and_the_largest_penalties(name: str, l2: float) -> None:
    X, y = sample(name, "normal", 50, 2, seed=9)
    found = solve(build(name, X, y, l2))
    limit = build(name, X, y) if l2 < 1.0 else build(name, np.ones((50, 1)), y, intercept=False)
    assert found.risk_optimum == pytest.approx(solve(limit).risk_optimum, rel=1e-9)


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("name", LOSSES)
def test_five_thousand_rows_take_few_passes(name: str, l2: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the time is made of: weighted Gram matrices of all rows, and distances in pairs of doubles."""
    risk, passes = build(name, *sample(name, "normal", 5000, 20), l2), {"grams": 0, "pairs": 0}
    gram, distances = interior._weighted_gram, Kinks.distances

    def counted(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def count(*arguments: Any) -> Any:
            passes[what] += 1
            return function(*arguments)

        return count

    monkeypatch.setattr(interior, "_weighted_gram", counted("grams", gram))
    monkeypatch.setattr(Kinks, "distances", counted("pairs", distances))
    assert establish(risk, np.zeros(risk.width)).omega <= 1e-25
    assert passes["grams"] <= 20
    assert passes["pairs"] <= 10, passes
