"""Losses by a formula: what is proven of them, their optima and gaps against 50 digits, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from gdcli.errors import ExhaustedError, FormulaError, UsageError
from gdcli.language.budget import Budget
from gdcli.risk.certificate.smooth import certify
from gdcli.risk.constants import smoothness
from gdcli.risk.losses import compile_formula, is_formula
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.smooth import find_optimum
from gdcli.risk.truth import establish

# formula: convex, c = sup phi'' (None: unbounded), and phi by hand in mpmath.
CONVEX = {
    "(p - y)^4": (None, lambda p, y: (p - y) ** 4),
    "log(cosh((p - y)/3))": (1 / 9, lambda p, y: mpmath.log(mpmath.cosh((p - y) / 3))),
    "sqrt(1 + (p - y)^2) - 1": (1.0, lambda p, y: mpmath.sqrt(1 + (p - y) ** 2) - 1),
    "(p - y)^2 + exp(p/4)": (None, lambda p, y: (p - y) ** 2 + mpmath.exp(p / 4)),
    "(p - y)^2/2 + |p - y|^3/10": (None, lambda p, y: (p - y) ** 2 / 2 + abs(p - y) ** 3 / 10),
    "3 (p - y)^2": (6.0, lambda p, y: 3 * (p - y) ** 2),
    "(p - y)^2 + sin(p)/10": (2.1, lambda p, y: (p - y) ** 2 + mpmath.sin(p) / 10),
    "softplus(p - y) + softplus(y - p)": (0.5, lambda p, y: 2 * mpmath.log1p(mpmath.exp(p - y)) - (p - y)),
    "(p - y)^2/(1 + y^2)": (2.0, lambda p, y: (p - y) ** 2 / (1 + y * y)),
}
LOCAL = ["log(1 + (p - y)^2)", "1 - exp(-(p - y)^2/20)", "(p^2 - y)^2", "(p - y)^2 (2 + sin(3 p))"]
KINKED = ["|p - y| + (p - y)^2", "(p - y)^2 + relu(p - y)"]


def problem(formula: str, kind: str = "plain", l2: float = 0.0) -> LinearRisk:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(23, 2))
    y = X @ [1.0, 2.0] + rng.normal(size=23)
    X = X * [1e-6, 1e5] if kind == "scales" else X
    y = 1.0 * (y > 0) if kind == "binary" else y
    X = np.column_stack([X, np.ones(23)])
    return LinearRisk(X, y, compile_formula(formula, "real", y), np.array([l2, l2, 0.0]))


def exact_risk(risk: LinearRisk, phi, theta) -> mpmath.mpf:
    rows = [[mpmath.mpf(v) for v in row] for row in risk.X.tolist()]
    theta = [mpmath.mpf(v) for v in theta]
    terms = [phi(mpmath.fdot(x, theta), mpmath.mpf(y)) for x, y in zip(rows, risk.y.tolist(), strict=True)]
    penalty = sum(mpmath.mpf(p) * t * t for p, t in zip(risk.penalty.tolist(), theta, strict=True)) / 2
    return mpmath.fsum(terms) / len(terms) + penalty


def exact_minimum(risk: LinearRisk, phi, start) -> list[mpmath.mpf]:
    """Newton with mpmath's own numerical derivatives of phi, at 60 digits."""
    rows = [[mpmath.mpf(v) for v in row] for row in risk.X.tolist()]
    theta = mpmath.matrix([mpmath.mpf(v) for v in start])
    k = len(theta)
    for _ in range(7):
        g, H = mpmath.zeros(k, 1), mpmath.diag([mpmath.mpf(p) for p in risk.penalty.tolist()])
        for a in range(k):
            g[a] = mpmath.mpf(float(risk.penalty[a])) * theta[a]
        for x, y in zip(rows, risk.y.tolist(), strict=True):
            z = mpmath.fdot(x, theta)
            first, second = (mpmath.diff(partial(phi, y=mpmath.mpf(y)), z, n) for n in (1, 2))
            for a in range(k):
                g[a] += first * x[a] / len(rows)
                for b in range(k):
                    H[a, b] += second * x[a] * x[b] / len(rows)
        theta = theta - mpmath.lu_solve(H, g)
    return list(theta)


@pytest.mark.parametrize("formula", CONVEX)
@pytest.mark.parametrize("kind", ["plain", "scales", "binary"])
def test_what_is_proven_of_a_convex_formula(formula: str, kind: str) -> None:
    risk = problem(formula, kind)
    loss, c = risk.kernel.loss, CONVEX[formula][0]
    assert loss.convex
    assert loss.smooth == ("|" not in formula)
    assert loss.reason
    if c is None:
        assert math.isinf(loss.curvature)
        assert math.isinf(smoothness(risk, np.zeros(3)).L)
    else:
        p = np.linspace(-50, 50, 4001)
        seen = max(float(np.max(risk.kernel.second(p, np.full_like(p, y)))) for y in risk.y)
        assert seen <= loss.curvature * (1 + 1e-12)
        assert loss.curvature <= c * (1 + 1e-3)


@pytest.mark.parametrize("formula", CONVEX)
@pytest.mark.parametrize("kind", ["plain", "scales"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_optimum_and_gap_of_a_convex_formula_against_60_digits(formula: str, kind: str, l2: float) -> None:
    phi, risk = CONVEX[formula][1], problem(formula, kind, l2)
    certificate = certify(risk, find_optimum(risk, np.zeros(3)))
    optimum = certificate.optimum
    with mpmath.workdps(60):
        best = exact_minimum(risk, phi, optimum.theta)
        least = exact_risk(risk, phi, best)
        assert optimum.risk_optimum == pytest.approx(float(least), rel=1e-12)
        assert 0 <= exact_risk(risk, phi, optimum.theta) - least <= certificate.omega
    assert certificate.omega < 1e-18 * max(1.0, optimum.risk_optimum)
    rng = np.random.default_rng(1)
    for distance in 10.0 ** np.arange(-9.0, 3.0):
        direction = rng.normal(size=3)
        theta = optimum.theta + distance * direction / np.linalg.norm(risk.X @ direction) * math.sqrt(risk.rows)
        with mpmath.workdps(60):
            gap = exact_risk(risk, phi, theta) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        if gap >= 1e-13:
            assert found.value == pytest.approx(float(gap), rel=1e-9)
            assert found.upper - found.lower <= 1e-9 * gap


@pytest.mark.parametrize("formula", CONVEX)
def test_the_optimum_is_scipys(formula: str) -> None:
    risk = problem(formula)
    found = find_optimum(risk, np.zeros(3))
    other = minimize(risk.value, np.zeros(3), jac=risk.gradient, method="BFGS", options={"gtol": 1e-10})
    assert found.risk_optimum == pytest.approx(other.fun, rel=1e-10)


@pytest.mark.parametrize("formula", LOCAL)
def test_of_a_loss_not_known_to_be_convex_nothing_is_claimed(formula: str) -> None:
    risk = problem(formula)
    assert not risk.kernel.loss.convex
    optimum = find_optimum(risk, np.zeros(3))
    certificate = certify(risk, optimum)
    assert np.linalg.norm(risk.gradient(optimum.theta)) <= 1e-9 * max(1.0, optimum.risk_optimum)
    assert np.linalg.eigvalsh(risk.curvature(optimum.theta))[0] > 0.0
    assert "lambda_min(H)" in optimum.reason
    gap = certificate.gap(np.zeros(3))
    assert math.isnan(gap.value)
    assert math.isinf(gap.upper)
    assert gap.lower <= risk.value(np.zeros(3)) - optimum.risk_optimum


@pytest.mark.parametrize("formula", KINKED)
def test_a_kinked_loss_has_no_L_and_its_gap_is_the_plain_difference(formula: str) -> None:
    risk = problem(formula)
    assert risk.kernel.loss.convex
    assert not risk.kernel.loss.smooth
    assert math.isinf(risk.kernel.loss.curvature)
    certificate = certify(risk, find_optimum(risk, np.zeros(3)))
    truth = minimize(
        risk.value, certificate.optimum.theta, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    for theta in (np.zeros(3), np.array([1.0, 2.0, 0.0])):
        gap = certificate.gap(theta)
        assert gap.lower <= risk.value(theta) - truth.fun + 1e-9
        assert risk.value(theta) - truth.fun <= gap.upper + 1e-9


PIECES = [
    ("|p - y|", (-1, 1)),
    ("3*|y - p|/2", ("-3/2", "3/2")),
    ("max(p - y, -2*(p - y))", (-2, 1)),
    ("0.9*relu(y - p) + 0.1*relu(p - y)", ("-9/10", "1/10")),
    ("|p - y| + (p - y)", (0, 2)),
    ("p - y if p > y else 3*(y - p)", (-3, 1)),
    ("sqrt((p - y)^2)", (-1, 1)),
    ("max(p - y, 0)", (0, 1)),
]


@pytest.mark.parametrize(("formula", "slopes"), PIECES)
def test_two_straight_pieces_are_recognised_and_solved_exactly(formula: str, slopes) -> None:
    risk = problem(formula)
    loss = risk.kernel.loss
    assert loss.pieces == tuple(map(Fraction, slopes))
    assert loss.convex
    certificate = establish(risk, np.zeros(3))
    low, high = (float(Fraction(slope)) for slope in slopes)
    # min of the mean of high s + (-low) t over X theta - y = s - t, s, t >= 0.
    N = risk.rows
    A = np.column_stack([risk.X, -np.eye(N), np.eye(N)])
    cost = np.concatenate([np.zeros(3), np.full(N, high / N), np.full(N, -low / N)])
    best = linprog(cost, A_eq=A, b_eq=risk.y, bounds=[(None, None)] * 3 + [(0, None)] * (2 * N)).fun
    assert certificate.optimum.risk_optimum == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert certificate.omega < 1e-12


@pytest.mark.parametrize(
    "formula",
    ["p - y", "-|p - y|", "|p - y| + 1", "|p - 2*y|", "|p| + |y|", "max(0, |p - y| - 1)", "|p - y|^2", "min(p - y, 0)"],
)
def test_what_is_not_two_straight_pieces(formula: str) -> None:
    assert compile_formula(formula, "real", np.arange(5.0)).loss.pieces is None


@pytest.mark.parametrize(
    ("formula", "slopes"),
    [
        ("max(0, 1 - y*p)", (0, 1)),
        ("relu(1 - p*y)*3", (0, 3)),
        ("|1 - y*p|", (-1, 1)),
        ("|p - y|", (-1, 1)),
        ("relu(p - y)", None),
    ],
)
def test_pieces_for_labels_are_in_the_margin(formula: str, slopes) -> None:
    loss = compile_formula(formula, "signs", np.array([-1.0, 1.0, 1.0])).loss
    assert loss.pieces == (None if slopes is None else tuple(map(Fraction, slopes)))


def test_few_targets_are_judged_one_by_one() -> None:
    """Cross-entropy is convex at y = 0 and at y = 1, and not for y outside [0, 1]."""
    formula = "y log(1 + exp(-p)) + (1 - y) log(1 + exp(p))"
    assert compile_formula(formula, "real", np.array([0.0, 1.0, 1.0])).loss.convex
    assert compile_formula(formula, "real", np.array([0.0, 1.0])).loss.curvature == pytest.approx(0.25, rel=1e-3)
    assert not compile_formula(formula, "real", np.array([0.0, 1.0, 2.0])).loss.convex


@pytest.mark.parametrize(
    ("name", "expected"),
    [("(p - y)^4", True), ("huber", False), ("huber(2)", False), ("l7", False), ("2p", True), ("quantile(0.5)", False)],
)
def test_what_counts_as_a_formula(name: str, expected: bool) -> None:
    assert is_formula(name) == expected


def test_a_formula_in_other_names_says_which_there_are() -> None:
    with pytest.raises(FormulaError, match="no variable q") as caught:
        compile_formula("(p - q)^2", "real", np.ones(2))
    assert caught.value.hint == "the variables are p, y"


@pytest.mark.parametrize("formula", ["y^2", "0*p", "p^2 - p^2", "p - p + y"])
def test_a_loss_without_p(formula: str) -> None:
    with pytest.raises(UsageError, match="does not depend on p"):
        compile_formula(formula, "real", np.ones(2))


def test_the_calculus_of_a_loss_has_a_deadline() -> None:
    with pytest.raises(ExhaustedError):
        compile_formula("exp(sin(p y))^2 + sqrt(2 + cos(p - y))", "real", np.arange(9.0), budget=Budget(0.001))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("-(p - y)^2", "it seems to have no minimum"),
        ("p y - 2 p", "it seems to have no minimum"),
        ("log(p)", "phi of the loss log\\(p\\) is -inf at p = 0"),
        ("sqrt(p)", "phi' of the loss"),
        ("1/(p - y) + p^2", None),
    ],
)
def test_what_cannot_be_minimised_is_said(formula: str, message: str | None) -> None:
    risk = problem(formula)
    if message is None:
        assert not risk.kernel.loss.convex
        return
    with pytest.raises(UsageError, match=message) as caught:
        find_optimum(risk, np.zeros(3))
    assert caught.value.hint


def test_undefined_slopes_of_a_row_are_nan() -> None:
    kernel = compile_formula("log(p) + 1/p^2", "real", np.ones(3))
    assert math.isnan(kernel.first_scalar(0.0, 1.0))
    assert kernel.first_scalar(2.0, 1.0) == pytest.approx(0.5 - 0.25)


def test_a_curvature_that_is_infinite_at_the_kink_proves_nothing() -> None:
    """phi'' of relu(u)^1.5 is infinite where u comes to 0 from above: the metric of the proof is no number."""
    X, y = np.array([[1.0], [1.0], [2.0]]), np.array([1.0, 1.0, 1.0])
    risk = LinearRisk(X, y, compile_formula("relu(1 - y*p)^1.5", "signs", y), np.array([1e-6]))
    certificate = establish(risk, np.zeros(1))
    assert (
        certificate.gap(np.zeros(1)).lower
        <= 1.0
        <= certificate.gap(np.zeros(1)).upper + certificate.optimum.risk_optimum
    )


def test_a_point_that_is_no_proven_minimum_is_not_called_one() -> None:
    """phi'' of sqrt(|p - y|) is minus infinity at the targets, where the lowest point found stands."""
    X, y = np.array([[1.0], [1.0], [2.0]]), np.array([1.0, 1.0, 2.0])
    risk = LinearRisk(X, y, compile_formula("sqrt(|p - y|)", "real", y), np.array([1.0]))
    found = find_optimum(risk, np.zeros(1))
    assert not found.converged
    assert found.reason == "not converged: H has no positive least eigenvalue there"


@pytest.mark.parametrize("formula", LOCAL)
def test_a_minimum_that_is_reached_is_called_one(formula: str) -> None:
    assert find_optimum(problem(formula), np.zeros(3)).converged
