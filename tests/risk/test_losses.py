from __future__ import annotations

import mpmath
import pytest

from gdcli.errors import UsageError
from gdcli.risk.losses import LOSSES, compile_loss, find

GRID = [mpmath.mpf(i) / 8 for i in range(-400, 401)]
# phi'' and phi''' of each loss as a function of p at y = 1, written out by hand.
BENDS = {
    "squared": (lambda p: mpmath.mpf(1), lambda p: mpmath.mpf(0)),
    "logistic": (
        lambda p: 1 / (1 + mpmath.exp(p)) / (1 + mpmath.exp(-p)),
        lambda p: (mpmath.exp(-p) - 1) / (mpmath.exp(-p) + 1) / (1 + mpmath.exp(p)) / (1 + mpmath.exp(-p)),
    ),
}


def test_every_loss_has_a_truth() -> None:
    assert set(BENDS) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_curvature_is_the_supremum_of_the_second_derivative(name: str) -> None:
    with mpmath.workdps(50):
        top = max(BENDS[name][0](p) for p in GRID)
        assert top <= LOSSES[name].curvature
        assert top >= LOSSES[name].curvature * (1 - mpmath.mpf(10) ** -30)


@pytest.mark.parametrize("name", LOSSES)
def test_concordance_bounds_the_third_derivative_by_the_second(name: str) -> None:
    second, third = BENDS[name]
    with mpmath.workdps(50):
        ratios = [abs(third(p)) / second(p) for p in GRID]
        assert max(ratios) <= LOSSES[name].concordance
        assert max(ratios) >= LOSSES[name].concordance * (1 - mpmath.mpf(10) ** -9)
        h = mpmath.mpf(10) ** -15
        for p in GRID[::40]:
            slope = (second(p + h) - second(p - h)) / (2 * h)
            assert abs(slope - third(p)) <= mpmath.mpf(10) ** -20


@pytest.mark.parametrize("name", LOSSES)
def test_the_kernel_shows_its_formula_and_derivatives(name: str) -> None:
    kernel = compile_loss(find(name))
    assert kernel.loss is LOSSES[name]
    assert kernel.shown[0] == LOSSES[name].formula
    assert len(kernel.shown) == 3


def test_an_unknown_loss_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown loss 'huber'") as caught:
        find("huber")
    assert caught.value.hint == "the losses are squared, logistic"
