from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays
from gdcli.risk.losses import LOSSES, compile_loss, find

GRID = [mpmath.mpf(i) / 8 for i in range(-400, 401)]
# phi'' and phi''' of each loss as a function of p at y = 1, written out by hand.
BENDS = {
    "squared": (lambda p: mpmath.mpf(1), lambda p: mpmath.mpf(0)),
    "logistic": (
        lambda p: 1 / (1 + mpmath.exp(p)) / (1 + mpmath.exp(-p)),
        lambda p: (mpmath.exp(-p) - 1) / (mpmath.exp(-p) + 1) / (1 + mpmath.exp(p)) / (1 + mpmath.exp(-p)),
    ),
    "huber": (lambda p: mpmath.mpf(abs(p - 1) <= 1), lambda p: mpmath.mpf(0)),
    "logcosh": (
        lambda p: mpmath.sech(p - 1) ** 2,
        lambda p: -2 * mpmath.tanh(p - 1) * mpmath.sech(p - 1) ** 2,
    ),
    "squared_hinge": (lambda p: mpmath.mpf(2 * (p < 1)), lambda p: mpmath.mpf(0)),
    "exponential": (lambda p: mpmath.exp(-p), lambda p: -mpmath.exp(-p)),
    "poisson": (mpmath.exp, mpmath.exp),
}
SMOOTH = {name for name, loss in LOSSES.items() if loss.smooth}
BOUNDED = [name for name, loss in LOSSES.items() if math.isfinite(loss.curvature)]
CONCORDANT = [name for name, loss in LOSSES.items() if math.isfinite(loss.concordance)]


def test_every_loss_has_a_truth() -> None:
    assert set(BENDS) == SMOOTH
    assert {name for name, loss in LOSSES.items() if loss.pieces} == set(LOSSES) - SMOOTH


@pytest.mark.parametrize("name", BOUNDED)
def test_curvature_is_the_supremum_of_the_second_derivative(name: str) -> None:
    with mpmath.workdps(50):
        top = max(BENDS[name][0](p) for p in GRID)
        assert top <= LOSSES[name].curvature
        assert top >= LOSSES[name].curvature * (1 - mpmath.mpf(10) ** -30)


@pytest.mark.parametrize("name", [name for name in LOSSES if name in SMOOTH and name not in BOUNDED])
@pytest.mark.parametrize("y", [0.0, 1e-9, 0.2, 0.5, 1.0, 3.0, 1e3, 1e9])
def test_where_curvature_is_unbounded_phi_bounds_it(name: str, y: float) -> None:
    loss = LOSSES[name]
    assert loss.growth is not None
    assert BENDS[name][0](GRID[0]) > 1e20 or BENDS[name][0](GRID[-1]) > 1e20
    y = 1.0 if loss.target == "signs" else y
    kernel, offset = compile_loss(loss), arrays(derived(loss.growth.offset, ("y",)))[0](np.array([y]))
    p = np.array([float(v) for v in GRID])
    room = loss.growth.factor * kernel.value(p, y) + offset - kernel.second(p, y)
    assert np.all(room >= -1e-13 * (np.abs(kernel.value(p, y)) + kernel.second(p, y) + y))


@pytest.mark.parametrize("name", CONCORDANT)
def test_concordance_bounds_the_third_derivative_by_the_second(name: str) -> None:
    second, third = BENDS[name]
    with mpmath.workdps(50):
        ratios = [abs(third(p)) / second(p) for p in GRID]
        assert max(ratios) <= LOSSES[name].concordance
        assert max(ratios) >= LOSSES[name].concordance * (1 - mpmath.mpf(10) ** -9)
        h = mpmath.mpf(10) ** -15
        for p in GRID[::40]:
            slope = (second(p + h) - second(p - h)) / (2 * h)
            assert abs(slope - third(p)) <= mpmath.mpf(10) ** -20 * max(1, abs(third(p)))


@pytest.mark.parametrize("name", LOSSES)
def test_the_kernel_shows_its_formula_and_derivatives(name: str) -> None:
    kernel = compile_loss(find(name))
    assert kernel.loss is LOSSES[name]
    assert kernel.shown[0] == LOSSES[name].formula
    assert len(kernel.shown) == 3


def test_an_unknown_loss_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown loss 'hinges'") as caught:
        find("hinges")
    assert caught.value.hint == f'did you mean "hinge"? the losses are {", ".join(LOSSES)}, softmax'


@pytest.mark.parametrize(("delta", "name"), [("0.5", "huber(0.5)"), ("20", "huber(20)"), ("1e-3", "huber(1e-3)")])
def test_huber_takes_its_parameter(delta: str, name: str) -> None:
    kernel, size = compile_loss(find(f"huber({delta})")), float(delta)
    assert kernel.loss.name == name
    for u in (-1e4, -size, -size / 2, 0.0, size / 3, size, 3 * size):
        value = u * u / 2 if abs(u) <= size else size * abs(u) - size**2 / 2
        assert float(kernel.value(np.array([u + 3.0]), np.array([3.0]))[0]) == pytest.approx(value, rel=1e-9)
        assert kernel.first_scalar(u, 0.0) == pytest.approx(max(-size, min(size, u)), rel=1e-15)
        assert float(kernel.second(np.array([u]), np.array([0.0]))[0]) == float(abs(u) <= size)


@pytest.mark.parametrize("tau", ["0.5", "0.9", "1e-3"])
def test_quantile_takes_its_parameter_as_a_fraction(tau: str) -> None:
    loss = find(f"quantile({tau})")
    assert loss.pieces == (-Fraction(tau), 1 - Fraction(tau))
    assert loss.lipschitz == max(float(tau), 1 - float(tau))
    kernel = compile_loss(loss)
    for p, y in ((3.0, 1.0), (-2.0, 5.0), (1.0, 1.0)):
        value = float(Fraction(tau)) * max(y - p, 0.0) + float(1 - Fraction(tau)) * max(p - y, 0.0)
        assert float(kernel.value(np.array([p]), np.array([y]))[0]) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("tau", ["1", "1.5", "20"])
def test_a_quantile_is_between_0_and_1(tau: str) -> None:
    with pytest.raises(UsageError, match=r"quantile\(.*\) is not between 0 and 1") as caught:
        find(f"quantile({tau})")
    assert caught.value.hint == "write quantile(0.9)"


def test_huber_of_one_is_the_built_in_one() -> None:
    assert find("huber(1)") == LOSSES["huber"]
    assert find("huber(1.0)") == LOSSES["huber"]


@pytest.mark.parametrize("name", ["huber(0)", "huber(1.2.3)", "huber(1e200)"])
def test_a_parameter_that_is_no_positive_number(name: str) -> None:
    with pytest.raises(UsageError, match="not a positive number"):
        find(name)
