"""The softmax loss: the program that runs is what the calculus derives, and keeps its digits far out."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.language.text import text
from gdcli.risk.models.softmax_kernel import Softmax, formula, hessian, shown

CLASSES = [2, 3, 4]


def derived(classes: int) -> tuple[Function, tuple, list]:
    """phi, its slopes and its second derivatives in p1, ..., pK, by the calculus."""
    names = [f"{letter}{k}" for letter in "py" for k in range(1, classes + 1)]
    phi = Function.parse(formula(classes), variables=names)
    slopes = gradient(phi.expr, phi.variables[:classes])
    return phi, slopes, [gradient(slope, phi.variables[:classes]) for slope in slopes]


@pytest.mark.parametrize("classes", CLASSES)
def test_the_texts_shown_are_the_ones_derived(classes: int) -> None:
    said, slope, second = shown(classes)
    phi, slopes, seconds = derived(classes)
    assert said == phi.source
    alike, unlike = second.split(" if k = l else ")
    for k in range(1, classes + 1):
        assert text(slopes[k - 1]) == slope.replace("_k", str(k))
        for other in range(1, classes + 1):
            form = alike if k == other else unlike
            low, high = sorted((k, other))
            assert text(seconds[k - 1][other - 1]) == form.replace("_k", str(low)).replace("_l", str(high))


def test_many_classes_are_shown_with_dots() -> None:
    phi, slope, _ = shown(7)
    assert phi == "logsumexp(p1, ..., p7) - (y1*p1 + ... + y7*p7)"
    assert slope == "exp(p_k - logsumexp(p1, ..., p7)) - y_k"
    assert formula(3) == "logsumexp(p1, p2, p3) - (y1*p1 + y2*p2 + y3*p3)"


@pytest.mark.parametrize("classes", CLASSES)
def test_what_runs_is_what_the_calculus_derives_at_50_digits(classes: int) -> None:
    phi, slopes, seconds = derived(classes)
    rng = np.random.default_rng(classes)
    Z = rng.normal(size=(classes, 12)) * 3.0
    y = rng.integers(classes, size=12)
    here = Softmax.at(Z, y)
    for i in range(12):
        at = {name: Z[k, i] for k, name in enumerate(phi.variables[:classes])}
        at |= {name: float(k == y[i]) for k, name in enumerate(phi.variables[classes:])}
        exact = [float(e.subs(at).evalf(50)) for e in (phi.expr, *slopes)]
        assert here.values[i] == pytest.approx(exact[0], rel=1e-15, abs=1e-15)
        assert here.slopes[:, i] == pytest.approx(np.array(exact[1:]), rel=0, abs=1e-15)
        curvature = hessian(np.ones((1, 1)), here.P[:, [i]], here.rests[:, [i]])
        table = np.array([[float(e.subs(at).evalf(50)) for e in row] for row in seconds])
        assert curvature == pytest.approx(table, rel=0, abs=1e-15)


def exact(z: np.ndarray, y: int) -> tuple[mpmath.mpf, list[mpmath.mpf], list[mpmath.mpf]]:
    """phi, its slopes and s_k (1 - s_k), by hand at 50 digits (more, where a difference would eat them)."""
    with mpmath.workdps(60):
        z = [mpmath.mpf(v) for v in z.tolist()]
        e = [mpmath.exp(v - max(z)) for v in z]
        s = [v / mpmath.fsum(e) for v in e]
        rest = [mpmath.fsum(s[:k] + s[k + 1 :]) for k in range(len(s))]
        odds = mpmath.fsum(mpmath.exp(v - z[y]) for k, v in enumerate(z) if k != y)
        slopes = [s[k] if k != y else -rest[k] for k in range(len(z))]
        return mpmath.log1p(odds), slopes, [a * b for a, b in zip(s, rest, strict=True)]


@pytest.mark.parametrize("size", [1e-300, 1e-8, 1.0, 30.0, 600.0, 1e4, 1e8, 1e300])
@pytest.mark.parametrize("classes", [2, 3, 20])
def test_far_out_the_digits_stay(classes: int, size: float) -> None:
    rng = np.random.default_rng(3)
    Z = rng.uniform(-size, size, size=(classes, 40))
    Z[1, :5] = Z[0, :5]
    y = rng.integers(classes, size=40)
    here = Softmax.at(Z, y)
    curvature = here.P * here.rests
    for i in range(40):
        phi, slopes, seconds = exact(Z[:, i], y[i])
        # A difference of z of size s is rounded to s eps, and so is the exponent.
        rel = 1e-15 + 4e-16 * min(size, 800.0)
        assert here.values[i] == pytest.approx(float(phi), rel=rel, abs=1e-300)
        assert here.slopes[:, i] == pytest.approx(np.array([float(v) for v in slopes]), rel=rel, abs=1e-300)
        assert curvature[:, i] == pytest.approx(np.array([float(v) for v in seconds]), rel=rel, abs=1e-300)


def test_classes_that_are_not_active_count_for_nothing() -> None:
    Z = np.array([[1.0, 0.0], [2.0, 5.0], [700.0, 1.0]])
    active = np.array([[True, True], [True, False], [False, False]])
    here = Softmax.at(Z, np.array([0, 0]), active)
    assert here.values == pytest.approx([np.log1p(np.e), 0.0], rel=1e-15)
    assert here.slopes[2].tolist() == [0.0, 0.0]
    assert here.slopes[:, 1].tolist() == [0.0, 0.0, 0.0]
