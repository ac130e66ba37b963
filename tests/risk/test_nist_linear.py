"""The certified parameters of NIST's linear sets, through the road that `gdcli descend` takes."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from gdcli.data.dataset import Dataset, Origin
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from tests.oracles.nist_linear import SETS, Certified, solve, squares

# Digits of theta in the file's units, standardised and --raw. Standardised columns are rounded to doubles, and what
# that does to theta no solver can undo: least where powers of x are nearly dependent and the noise is large.
DIGITS = {
    "Norris": (13, 13),
    "Pontius": (12, 13),
    "NoInt1": (14, 14),
    "NoInt2": (14, 14),
    "Filip": (7, 7),
    "Longley": (13, 14),
    "Wampler1": (10, 14),
    "Wampler2": (12, 12),
    "Wampler3": (9, 14),
    "Wampler4": (7, 14),
    "Wampler5": (5, 14),
}
NAMES = [pytest.param(name, raw, id=f"{name}-{'raw' if raw else 'standardised'}") for name in SETS for raw in (0, 1)]


# Sums of 3e13 cancel to 0: 30 digits leave theta a unit in the last place or two, by the order in which numpy adds.
CANCELLING = {("Wampler5", 1)}
TINY = Fraction(1, 10**20)


def dataset(certified: Certified) -> Dataset:
    """The columns, with the powers of a polynomial, as the doubles of a file."""
    rows, y = certified.exact()
    X = np.array([[float(v) for v in row[certified.intercept :]] for row in rows])
    columns = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    numbers = np.array([float(v) for v in y])
    return Dataset(X, numbers, columns, "y", None, Origin("nist.csv", len(X), "0", True, ","), ())


def digits(found: float, exact: float) -> float:
    return 16.0 if found == exact else -math.log10(abs(found - exact) / abs(exact))


@pytest.mark.parametrize("name", SETS)
def test_rational_arithmetic_gives_the_certified_numbers(name: str) -> None:
    certified = SETS[name]
    rows, y = certified.exact()
    theta = solve(rows, y)
    for exact, printed in zip(theta, certified.theta, strict=True):
        assert abs(exact - Fraction(printed)) <= abs(exact) * Fraction(5, 10**15)
    exact = squares(rows, y, theta)
    assert abs(exact - Fraction(certified.squares)) <= abs(exact) * Fraction(1, 10**14)


@pytest.mark.parametrize(("name", "raw"), NAMES)
def test_theta_in_the_files_units_has_the_certified_digits(name: str, raw: bool) -> None:
    certified = SETS[name]
    plan = prepare(dataset(certified), Options(intercept=certified.intercept, standardise=not raw, steps=1))
    optimum = plan.certificate.optimum
    found = list(plan.problem.coordinates.in_file_units(optimum.theta).values())
    ordered = [found[-1], *found[:-1]] if certified.intercept else found
    least = min(digits(a, float(b)) for a, b in zip(ordered, certified.theta, strict=True))
    assert least >= DIGITS[name][raw]
    assert optimum.rank == len(certified.theta)
    # R(theta) = RSS/(2N).
    risk = float(certified.squares) / (2 * len(certified.y))
    assert optimum.risk_optimum == pytest.approx(risk, rel=2e-8 if name == "Filip" else 1e-13, abs=1e-20)


@pytest.mark.parametrize(("name", "raw"), NAMES)
def test_of_the_doubles_themselves_the_optimum_is_exact(name: str, raw: bool) -> None:
    """Rational arithmetic on the very doubles that are optimised over: theta to the last digits, and omega."""
    certified = SETS[name]
    plan = prepare(dataset(certified), Options(intercept=certified.intercept, standardise=not raw, steps=1))
    X, y, optimum = plan.risk.X, plan.risk.y, plan.certificate.optimum
    rows = [[Fraction(v) for v in row] for row in X.tolist()]
    targets = [Fraction(v) for v in y.tolist()]
    exact = solve(rows, targets)
    for a, b in zip(optimum.theta, exact, strict=True):
        assert (
            abs(Fraction(float(a)) - b) <= abs(b) * Fraction(1, 2 ** (51 if (name, raw) in CANCELLING else 52)) + TINY
        )
    twice = 2 * len(y)
    least = squares(rows, targets, exact) / twice
    assert optimum.risk_optimum == pytest.approx(float(least), rel=1e-13 if least < 1e-15 else 1e-15, abs=1e-40)
    above = squares(rows, targets, [Fraction(float(v)) for v in optimum.theta]) / twice - least
    assert 0 <= above <= plan.certificate.omega
    gap = plan.certificate.gap(np.zeros(len(exact)))
    start = sum((v * v for v in targets), Fraction(0)) / twice - least
    assert gap.lower <= start <= gap.upper
    assert gap.value == pytest.approx(float(start), rel=1e-14)
