"""R over parts of the rows: its constants, optimum and certificate against 50 digits and against all rows at once."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from gdcli.risk.apart.certificate import certify
from gdcli.risk.apart.optimum import find_optimum
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.constants import smoothness
from gdcli.risk.empirical import Rows
from gdcli.risk.extent import extent
from gdcli.risk.losses import LOSSES, compile_formula
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.truth import establish
from tests.oracles.here import Here

SMOOTH = [name for name, loss in LOSSES.items() if loss.smooth]
KINDS = ("plain", "scales", "correlated", "offset", "outlier")
SETS = [
    pytest.param(name, kind, l2, id=f"{name}-{kind}-l2={l2:g}")
    for name in SMOOTH
    for kind in KINDS
    for l2 in (0.0, 0.01)
]


def apart(risk: LinearRisk, count: int = 5, holders: int = 2) -> ApartRisk:
    """The same risk with its rows in so many parts of different sizes."""
    ends = np.unique(np.round(risk.rows * np.linspace(0.0, 1.0, count + 1) ** 2).astype(int))
    parts = [replace(risk, X=risk.X[a:b], y=risk.y[a:b]) for a, b in pairwise(ends.tolist())]

    def locate(rows: Rows) -> dict[int, Rows]:
        where = np.searchsorted(ends, rows, side="right") - 1
        return {int(part): rows[where == part] - ends[part] for part in np.unique(where)}

    return ApartRisk(Here(parts, holders), risk.rows, risk.kernel, risk.penalty, locate)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_the_protocol_is_that_of_all_rows_at_once(make, data, name, kind) -> None:
    risk = make(name, *data(name, kind), l2=0.1)
    spread, theta = apart(risk), 0.1 * np.arange(1.0, risk.width + 1)
    size = np.abs(risk.X).max()
    theta /= size
    value, gradient = spread.value_and_gradient(theta)
    assert value == pytest.approx(risk.value(theta), rel=1e-13)
    np.testing.assert_allclose(gradient, risk.gradient(theta), rtol=1e-11, atol=1e-13 * size)
    np.testing.assert_allclose(spread.curvature(theta), risk.curvature(theta), rtol=1e-11, atol=1e-13 * size**2)
    np.testing.assert_allclose(spread.tilted(0.5).gradient(theta), risk.tilted(0.5).gradient(theta), rtol=1e-9)
    assert spread.gradient_noise(theta) == pytest.approx(risk.gradient_noise(theta), rel=1e-12)
    assert spread.row_curvature(theta) == pytest.approx(risk.row_curvature(theta), rel=1e-12)
    rows = np.array([0, risk.rows - 1, 3, 3, risk.rows // 2])
    np.testing.assert_allclose(spread.batch_gradient(theta, rows), risk.batch_gradient(theta, rows), rtol=1e-9)
    np.testing.assert_allclose(spread.row_gradient(theta, 7), risk.row_gradient(theta, 7), rtol=1e-12)


@pytest.mark.parametrize("name", SMOOTH)
def test_constants_are_those_of_all_rows_at_once(make, data, name) -> None:
    for l2 in (0.0, 0.2):
        risk = make(name, *data(name, "scales"), l2=l2)
        there, here = (smoothness(found, np.zeros(risk.width)) for found in (apart(risk), risk))
        for item in fields(here):
            assert getattr(there, item.name) == pytest.approx(getattr(here, item.name), rel=1e-9), item.name
        of_all, of_parts = extent(risk), apart(risk).extent
        assert of_parts == replace(of_all, offset=pytest.approx(of_all.offset, rel=1e-12))


@pytest.mark.parametrize("formula", ["(p - y)^4/4", "(p - y)^2/2 + |p - y|^3/10"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_the_optimum_of_a_formula_is_not_below_the_truth(data, formula: str, kind: str, seed: int) -> None:
    """Its predictions cancel where columns are offset, and R* is printed with the digits of omega."""
    X, y = data("squared", kind, seed=seed)
    X = np.column_stack([X, np.ones(len(X))])
    risk = LinearRisk(X, y, compile_formula(formula, "real", y), np.zeros(X.shape[1]))
    spread = apart(risk)
    certificate = certify(spread, find_optimum(spread, np.zeros(risk.width)))
    least, exact = exact_least(risk, formula, certificate.optimum.theta)
    found = certificate.optimum.risk_optimum
    with mpmath.workdps(50):
        assert found == pytest.approx(float(exact), rel=1e-13)
        assert certificate.value_error <= 1e-13 * exact
        assert exact - least <= certificate.omega
        assert -certificate.value_error <= found - least <= certificate.omega + certificate.value_error


def exact_least(risk: LinearRisk, formula: str, start: np.ndarray) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The minimum by Newton at 50 digits, and R at the start."""
    with mpmath.workdps(50):
        rows = [[mpmath.mpf(v) for v in row] for row in risk.X.tolist()]
        targets, theta = [mpmath.mpf(v) for v in risk.y.tolist()], mpmath.matrix([mpmath.mpf(v) for v in start])
        k, N = len(theta), len(rows)
        values = []
        for _ in range(8):
            value, g, H = mpmath.mpf(0), mpmath.zeros(k, 1), mpmath.zeros(k, k)
            for x, y in zip(rows, targets, strict=True):
                phi = by_hand(formula, mpmath.fdot(x, theta) - y)
                value += phi[0] / N
                for a in range(k):
                    g[a] += phi[1] * x[a] / N
                    for b in range(k):
                        H[a, b] += phi[2] * x[a] * x[b] / N
            values.append(value)
            theta -= mpmath.lu_solve(H, g)
        assert abs(values[-1] - values[-2]) < mpmath.mpf(10) ** -40
        return values[-1], values[0]


def by_hand(formula: str, u: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]:
    """phi, phi' and phi''."""
    if formula == "(p - y)^4/4":
        return u**4 / 4, u**3, 3 * u**2
    return u * u / 2 + abs(u) ** 3 / 10, u + 3 * u * abs(u) / 10, 1 + 6 * abs(u) / 10


@pytest.mark.parametrize(("name", "kind", "l2"), SETS)
def test_the_interval_contains_the_truth(make, data, truth, name, kind, l2) -> None:
    risk = make(name, *data(name, kind), l2=l2)
    spread = apart(risk)
    optimum = find_optimum(spread, np.zeros(risk.width))
    certificate = certify(spread, optimum)
    exact = truth(risk)
    best = exact.minimise(optimum.theta)
    with mpmath.workdps(50):
        least = exact.value(best)
        assert exact.value(optimum.theta.tolist()) - least <= certificate.omega
        if kind == "plain":
            assert certificate.omega <= 1e-20 * float(exact.value(np.zeros(risk.width).tolist()))
    rng = np.random.default_rng(11)
    for distance in (0.0, *(10.0**e for e in range(-7, 2, 2))):
        direction = rng.normal(size=risk.width)
        theta = optimum.theta + distance * direction / np.linalg.norm(risk.X @ direction) * math.sqrt(risk.rows)
        with mpmath.workdps(50):
            gap = exact.value(theta.tolist()) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        assert found.lower <= found.value <= found.upper
        if kind == "plain" and gap >= 1e-9:
            assert found.value == pytest.approx(float(gap), rel=1e-6)


def test_all_of_it_is_the_same_bits_for_any_number_of_holders(make, data) -> None:
    risk = make("logistic", *data("logistic", "plain"))
    results = []
    for holders in (1, 2, 3):
        spread = apart(risk, 7, holders)
        certificate = establish(spread, np.zeros(risk.width))
        gap = certificate.gap(np.full(risk.width, 0.1))
        results.append((certificate.optimum.theta.tobytes(), certificate.omega, gap))
    assert results[0] == results[1] == results[2]


def test_separable_rows_have_an_infimum(make) -> None:
    X = np.array([[-2.0], [-1.0], [1.0], [3.0], [4.0], [5.0]])
    risk = make("logistic", X, np.sign(X[:, 0]))
    certificate = establish(apart(risk, 3), np.zeros(risk.width))
    assert not certificate.optimum.attained
    assert certificate.optimum.risk_optimum == 0.0
    theta = np.array([1.0, 0.5])
    gap = certificate.gap(theta)
    assert gap.lower <= risk.value(theta) <= gap.upper


def test_a_loss_by_a_formula_has_its_optimum(truth) -> None:
    rng = np.random.default_rng(3)
    X = np.column_stack([rng.normal(size=(60, 2)), np.ones(60)])
    y = X @ [1.0, -2.0, 0.5] + rng.normal(size=60)
    risk = LinearRisk(X, y, compile_formula("sqrt(1 + (p - y)^2) - 1", "real", y), np.zeros(3))
    spread = apart(risk)
    here, there = establish(risk, np.zeros(3)), establish(spread, np.zeros(3))
    np.testing.assert_allclose(there.optimum.theta, here.optimum.theta, rtol=1e-7)
    assert there.omega <= 1e-12 * there.optimum.risk_optimum


@pytest.mark.parametrize("name", ["squared", "logistic"])
def test_a_rank_deficient_matrix_has_the_nearest_minimiser(make, data, name) -> None:
    X, y = data(name, "plain")
    risk = make(name, np.column_stack([X, 2.0 * X[:, 0]]), y)
    here, there = (establish(found, np.zeros(risk.width)) for found in (risk, apart(risk)))
    assert there.optimum.rank == here.optimum.rank == risk.width - 1
    assert there.optimum.risk_optimum == pytest.approx(here.optimum.risk_optimum, rel=1e-12)
    np.testing.assert_allclose(there.optimum.theta, here.optimum.theta, rtol=1e-6, atol=1e-9)
