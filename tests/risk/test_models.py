"""Models by formula: R, its gradient and its Hessian at 50 digits; local minima; never a wrong one called converged."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.optimize import least_squares

from gdcli.kernels.parametric import parametric
from gdcli.risk.certificate.local import LocalCertificate
from gdcli.risk.empirical import Vector
from gdcli.risk.losses import LOSSES, compile_formula, compile_loss
from gdcli.risk.models import formula
from gdcli.risk.models.formula import Model, ModelRisk
from gdcli.risk.optimum.nonconvex import LocalOptimum, find_local
from gdcli.risk.truth import establish
from tests.oracles.nist_nonlinear import SETS, solved

X = np.array([0.25, 0.5, 1.0, 1.5, 2.25, 3.0, 4.5])
Y = np.array([2.5, 1.75, 1.5, 0.75, 0.5, 0.25, 0.125])
SIGNS = np.array([1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0])
Truth = Callable[..., Any]
MODELS: dict[str, tuple[tuple[str, ...], list[float], Truth]] = {
    "a*exp(-b*x) + c": (("a", "b", "c"), [2.0, 0.75, 0.125], lambda a, b, c, x: a * mpmath.exp(-b * x) + c),
    "a*x/(b + x)": (("a", "b"), [1.625, 0.5], lambda a, b, x: a * x / (b + x)),
    "a*x^b": (("a", "b"), [1.25, -0.5], lambda a, b, x: a * x**b),
    "a*tanh(b*x) - b": (("a", "b"), [1.0, 0.5], lambda a, b, x: a * mpmath.tanh(b * x) - b),
    "log(a + b*x)": (("a", "b"), [1.5, 0.25], lambda a, b, x: mpmath.log(a + b * x)),
    "a + b*x + c*x^2": (("a", "b", "c"), [1.0, -0.5, 0.125], lambda a, b, c, x: a + b * x + c * x * x),
}
PHI: dict[str, Truth] = {
    "squared": lambda p, y: (p - y) ** 2 / 2,
    "logistic": lambda p, y: mpmath.log1p(mpmath.exp(-y * p)),
    "logcosh": lambda p, y: mpmath.log(mpmath.cosh(p - y)),
    "poisson": lambda p, y: mpmath.exp(p) - y * p,
    "huber": lambda p, y: (p - y) ** 2 / 2 if abs(p - y) <= 1 else abs(p - y) - mpmath.mpf(1) / 2,
}


# Rows all at once, and in blocks: the truths are the same.
FEW = 40


@pytest.fixture(params=[formula.NUMBERS, pytest.param(FEW, marks=pytest.mark.slow)])
def numbers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many numbers are computed at a time."""
    monkeypatch.setattr(formula, "NUMBERS", request.param)


def model_risk(
    text: str, names: tuple[str, ...], loss: str = "squared", x: Vector = X, y: Vector = Y, l2: float = 0.0
) -> ModelRisk:
    kernel = compile_loss(LOSSES[loss]) if loss in LOSSES else compile_formula(loss, "real", y)
    model = Model.of(parametric(text, names, ["x"]))
    return ModelRisk(model, x[:, None], y, kernel, np.full(len(names), l2))


def exact(text: str, loss: str, y: Vector, l2: float) -> Callable[..., Any]:
    """R at any precision, written down without gdcli."""
    f, phi = MODELS[text][2], PHI[loss]

    def R(*theta: Any) -> Any:
        rows = [phi(f(*theta, mpmath.mpf(a)), mpmath.mpf(b)) for a, b in zip(X, y, strict=True)]
        return mpmath.fsum(rows) / len(rows) + mpmath.mpf(l2) / 2 * mpmath.fsum(t * t for t in theta)

    return R


@pytest.mark.parametrize("count", [formula.NUMBERS, FEW])
@pytest.mark.parametrize("loss", PHI)
@pytest.mark.parametrize("text", MODELS)
def test_the_risk_and_its_derivatives_at_fifty_digits(
    text: str, loss: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formula, "NUMBERS", count)
    names, place, _ = MODELS[text]
    y = SIGNS if loss == "logistic" else Y
    risk = model_risk(text, names, loss, y=y, l2=0.25)
    theta = np.array(place)
    with mpmath.workdps(50):
        R, at = exact(text, loss, y, 0.25), tuple(map(mpmath.mpf, place))
        orders = np.eye(len(names), dtype=int)
        slope = [float(mpmath.diff(R, at, tuple(map(int, order)))) for order in orders]
        bend = [[float(mpmath.diff(R, at, tuple(map(int, a + b)))) for b in orders] for a in orders]
        assert risk.value(theta) == pytest.approx(float(R(*at)), rel=1e-14)
    value, gradient = risk.value_and_gradient(theta)
    assert value == risk.value(theta)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(risk.curvature(theta), bend, rtol=1e-10, atol=1e-12)
    rows = np.array([risk.row_gradient(theta, i) for i in range(risk.rows)])
    np.testing.assert_allclose(rows.mean(axis=0), slope, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(risk.batch_gradient(theta, np.array([1, 4])), rows[[1, 4]].mean(axis=0), rtol=1e-13)
    assert risk.gradient_noise(theta) == pytest.approx(np.mean(np.sum(rows**2, axis=1)), rel=1e-13)
    np.testing.assert_allclose(risk.tilted(0.5).gradient(theta), gradient + 0.5 * theta, rtol=1e-14)


@cache
def nist_risk(name: str) -> ModelRisk:
    case = SETS[name]
    model = Model.of(parametric(case.model, case.parameters, list(case.x)))
    columns = np.array([[float(value) for value in column] for column in case.x.values()]).T
    y = np.array([float(value) for value in case.targets()])
    return ModelRisk(model, columns, y, compile_loss(LOSSES["squared"]), np.zeros(len(case.certified)))


@pytest.mark.parametrize("name", SETS)
def test_fifty_digits_give_the_certified_values(name: str) -> None:
    theta, squares = solved(name)
    assert [float(value) for value in theta] == pytest.approx(SETS[name].certified, rel=6e-11)
    assert float(squares) == pytest.approx(SETS[name].squares, rel=6e-11)


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", SETS)
def test_nist_from_both_starts(name: str, start: int) -> None:
    case, risk = SETS[name], nist_risk(name)
    found = find_local(risk, np.array(case.starts[start], dtype=float))
    assert found.converged
    assert found.least > 0.0
    assert found.theta == pytest.approx(case.certified, rel=1e-9)
    # The residuals of Lanczos1 are 1e-13, where the predictions themselves are rounded.
    assert 2 * risk.rows * found.risk_optimum == pytest.approx(case.squares, rel=1e-9, abs=1e-26)


PLACES = np.linspace(1.0, 10.0, 12)
WIGGLE = 0.1 * np.cos(7.0 * PLACES)
NO_MINIMUM = {
    "the slope is the limit": ("a*x/(b + x)", ("a", "b"), 2.0 * PLACES),
    "an exponential is the limit": ("a*exp(b/(x + c))", ("a", "b", "c"), np.exp(-PLACES / 3.0)),
    "a plateau, R = 0 to rounding": ("a*(1 - exp(-b*x))", ("a", "b"), np.full(12, 5.0)),
    "a plateau": ("a*(1 - exp(-b*x))", ("a", "b"), 5.0 + WIGGLE),
    "a power of no factor": ("a*x^b", ("a", "b"), np.zeros(12)),
    "only the product counts": ("a*b*x", ("a", "b"), 3.0 * PLACES + WIGGLE),
    "flat to the fourth order": ("a^4*x", ("a",), -PLACES),
    "flat to the third order": ("a^3*x + b", ("a", "b"), np.ones(12)),
    "half of it is flat": ("a^2*x", ("a",), -PLACES),
}


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("case", NO_MINIMUM)
def test_no_minimum_is_never_called_converged(case: str) -> None:
    text, names, y = NO_MINIMUM[case]
    found = find_local(model_risk(text, names, x=PLACES, y=y), np.ones(len(names)))
    assert not found.converged
    assert found.reason.startswith("not converged: ")


@pytest.mark.parametrize("loss", ["absolute", "(p - y)^2 + |p - y|"])
def test_a_loss_with_kinks_has_no_newton_proof(loss: str) -> None:
    y = 3.0 * np.exp(-0.5 * PLACES) + WIGGLE / 10
    risk = model_risk("a*exp(-b*x)", ("a", "b"), loss, PLACES, y)
    found = find_local(risk, np.ones(2))
    assert not found.converged
    assert found.risk_optimum == risk.value(found.theta) < risk.value(np.ones(2)) / 10


@pytest.mark.parametrize("count", [formula.NUMBERS, FEW])
def test_huber_against_scipy(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula, "NUMBERS", count)
    y = 3.0 * np.exp(-0.5 * PLACES) + WIGGLE + 4.0 * (np.arange(12) == 3)
    risk = model_risk("a*exp(-b*x)", ("a", "b"), "huber", PLACES, y)
    found = find_local(risk, np.ones(2))
    theirs = least_squares(
        lambda t: t[0] * np.exp(-t[1] * PLACES) - y, [1.0, 1.0], loss="huber", xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    assert found.converged
    assert found.theta == pytest.approx(theirs.x, rel=1e-7)
    assert found.risk_optimum * 12 == pytest.approx(theirs.cost, rel=1e-12)


def test_poisson_against_statsmodels() -> None:
    import statsmodels.api as sm

    counts = np.round(PLACES)
    found = find_local(model_risk("log(a) + b*x", ("a", "b"), "poisson", PLACES, counts), np.ones(2))
    theirs = sm.GLM(counts, sm.add_constant(PLACES), family=sm.families.Poisson()).fit(tol=1e-14).params
    assert found.converged
    assert found.theta == pytest.approx([np.exp(theirs[0]), theirs[1]], rel=1e-9)


def test_a_penalty_decides_between_equal_products() -> None:
    y = 3.0 * PLACES
    found = find_local(model_risk("a*b*x", ("a", "b"), x=PLACES, y=y, l2=0.1), np.array([1.0, 2.0]))
    # With a = b by symmetry: m (a^2 - 3) + 0.1 = 0 with m = mean x^2.
    assert found.converged
    assert found.theta == pytest.approx([np.sqrt(3.0 - 0.1 / np.mean(PLACES**2))] * 2, rel=1e-12)


def test_like_terms_keep_the_order_of_the_start() -> None:
    y = 2.0 * np.exp(-0.25 * PLACES) + 5.0 * np.exp(-1.5 * PLACES)
    risk = model_risk("a*exp(-b*x) + c*exp(-d*x)", ("a", "b", "c", "d"), x=PLACES, y=y)
    one = find_local(risk, np.array([1.0, 0.1, 1.0, 1.0]))
    other = find_local(risk, np.array([1.0, 1.0, 1.0, 0.1]))
    assert one.theta == pytest.approx([2.0, 0.25, 5.0, 1.5], rel=1e-9)
    assert other.theta == pytest.approx([5.0, 1.5, 2.0, 0.25], rel=1e-9)


def test_a_scale_of_the_parameters_changes_nothing() -> None:
    y = 3.0 * np.exp(-0.5 * PLACES) + WIGGLE
    plain = find_local(model_risk("a*exp(-b*x)", ("a", "b"), x=PLACES, y=y), np.ones(2))
    odd = find_local(model_risk("a*10^8*exp(-b*x/10^9)", ("a", "b"), x=PLACES, y=y), np.array([1e-8, 1e9]))
    assert odd.converged
    assert odd.theta * [1e8, 1e-9] == pytest.approx(plain.theta, rel=1e-9)
    assert odd.least == pytest.approx(plain.least, rel=1e-6)


def test_the_gap_has_a_floor_and_nothing_else() -> None:
    y = 3.0 * np.exp(-0.5 * PLACES) + WIGGLE
    risk = model_risk("a*exp(-b*x)", ("a", "b"), x=PLACES, y=y)
    certificate = establish(risk, np.ones(2))
    assert isinstance(certificate, LocalCertificate)
    assert isinstance(certificate.optimum, LocalOptimum)
    gap = certificate.gap(np.array([1.0, 1.0]))
    assert gap.lower == pytest.approx(risk.value(np.ones(2)) - certificate.optimum.risk_optimum, rel=1e-9)
    assert np.isnan(gap.value)
    assert gap.upper == np.inf
    assert certificate.gap(certificate.optimum.theta).lower == 0.0
    assert certificate.gap(np.array([np.nan, 1.0])).lower == 0.0


def test_many_rows_keep_the_work_bounded() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0.0, 5.0, 200_000)
    y = 3.0 * np.exp(-0.5 * x) + 0.1 * rng.normal(size=len(x))
    found = find_local(model_risk("a*exp(-b*x)", ("a", "b"), x=x, y=y), np.ones(2))
    assert found.converged
    assert found.theta == pytest.approx([3.0, 0.5], abs=0.01)
    assert int(found.method.split(", ")[2].split()[0]) <= 60
