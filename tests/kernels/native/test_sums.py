"""Passes over all rows against exact sums of the same terms, whatever the loss and the number of threads."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import scalars
from gdcli.kernels.native.compiled import CompiledSums, processors
from gdcli.kernels.native.engine import sums
from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.model import Field, Linear
from gdcli.kernels.native.softmax.task import ClassTask, Scores
from gdcli.kernels.native.task import Task
from gdcli.kernels.parametric import parametric
from gdcli.kernels.source import derive
from gdcli.risk.losses import LOSSES
from gdcli.risk.models.softmax import SoftmaxRisk
from tests.oracles.softmax import Truth

EPS = 2.0**-53
CUSTOM = ("(p - y)^4", "sqrt(1 + (p - y)^2) - 1", "max(p - y, 2*(y - p), 0)", "log(1 + (p - y)^2)")


def loss_of(name: str) -> Derived:
    return derived(LOSSES[name].formula, ("p", "y"), 2) if name in LOSSES else derive(name, ("p", "y"), 1)


def sample(N: int, d: int, signs: bool = True) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(N + d)
    y = rng.standard_normal(N)
    return rng.standard_normal((N, d)), np.sign(y) if signs else y, rng.standard_normal(d) / math.sqrt(d)


def scored(N: int, d: int, classes: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(N + d)
    return rng.standard_normal((N, d)), rng.integers(classes, size=N), rng.standard_normal((classes, d))


def asked(task: Task | ClassTask, folder: Path, threads: int | None = None) -> CompiledSums:
    found = sums(task, 1, "compile", folder, threads)
    assert found is not None
    return found


@pytest.mark.parametrize("N", [1, 7, 1000])
@pytest.mark.parametrize("name", [*LOSSES, *CUSTOM])
def test_every_loss_against_exact_sums(name: str, N: int, folder: Path) -> None:
    """Terms at exact predictions, added exactly: what is left is the rounding of p, of phi and of N additions."""
    X, y, theta = sample(N, 5)
    loss = loss_of(name)
    phi, slope = scalars(loss)[:2]
    predictions = [float(sum((Fraction(a) * Fraction(b) for a, b in zip(row, theta, strict=True)))) for row in X]
    values = [phi(p, t) for p, t in zip(predictions, y.tolist(), strict=True)]
    slopes = [slope(p, t) for p, t in zip(predictions, y.tolist(), strict=True)]
    value, gradient = asked(Task(loss, Linear(5), X, y, np.zeros(5)), folder).value_and_gradient(theta)
    # A bound on what 10 roundings of p can do to phi and phi', by slopes up to 100 here, beside the sums' own.
    room = (N + 20) * EPS + 1e-13
    assert value == pytest.approx(math.fsum(values) / N, rel=room, abs=room * math.fsum(map(abs, values)) / N)
    for j in range(5):
        terms = [s * x for s, x in zip(slopes, X[:, j].tolist(), strict=True)]
        assert gradient[j] == pytest.approx(math.fsum(terms) / N, abs=room * math.fsum(map(abs, terms)) / N + 1e-300)


@pytest.mark.parametrize("d", [1, 2, 5, 8, 20, 33, 100])
@pytest.mark.parametrize("N", [1, 3, 63, 64, 65, 5000])
def test_the_squared_loss_in_fractions(N: int, d: int, folder: Path) -> None:
    """Whole numbers: the sums are exact in doubles too."""
    rng = np.random.default_rng(d)
    X, y, theta = (rng.integers(-9, 9, shape).astype(float) for shape in ((N, d), N, d))
    value, gradient = asked(Task(loss_of("squared"), Linear(d), X, y, np.zeros(d)), folder).value_and_gradient(theta)
    residual = X.astype(int) @ theta.astype(int) - y.astype(int)
    assert value == float(Fraction(int(residual @ residual), 2)) / N
    assert gradient.tolist() == (X.T @ residual / N).tolist()


@pytest.mark.parametrize("N", [1, 7, 64, 65, 200])
@pytest.mark.parametrize(("classes", "d"), [(2, 1), (3, 8), (7, 5), (10, 21), (20, 37)])
def test_the_softmax_loss_beside_scipy(classes: int, d: int, N: int, folder: Path) -> None:
    X, y, T = scored(N, d, classes)
    task = ClassTask(Scores(classes, d), X, y, np.zeros(classes * d))
    passes = asked(task, folder)
    value, gradient = passes.value_and_gradient(T.ravel())
    p = X @ T.T
    slopes = softmax(p, axis=1)
    slopes[np.arange(N), y] -= 1.0
    assert passes.value(T.ravel()) == value
    assert value == pytest.approx(np.mean(logsumexp(p, axis=1) - p[np.arange(N), y]), rel=1e-12, abs=1e-15)
    assert gradient == pytest.approx((slopes.T @ X).ravel() / N, rel=1e-11, abs=1e-15)


@pytest.mark.parametrize("size", [1.0, 40.0, 800.0])
@pytest.mark.parametrize(("classes", "d"), [(2, 1), (3, 2), (5, 9)])
def test_the_softmax_loss_to_400_digits(
    classes: int, d: int, size: float, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row, so that its phi and each slope have to be right for themselves, however small: s_y - 1 too."""
    monkeypatch.setattr("tests.oracles.softmax.DIGITS", 400)
    X, y, T = scored(30, d, classes)
    for i in range(12):
        x, theta = X[i : i + 1], size * T.ravel()
        exact = Truth.of(SoftmaxRisk(x, y[i : i + 1], classes, np.zeros(classes * d)))
        task = ClassTask(Scores(classes, d), x, y[i : i + 1], np.zeros(classes * d))
        value, gradient = asked(task, folder).value_and_gradient(theta)
        # What rounding of the scores does to a power of e.
        room = 2e-15 * (10.0 + size * d * float(np.abs(x).max()))
        assert value == pytest.approx(float(exact.value(theta.tolist())), rel=room, abs=1e-300)
        truth = [float(g) for g in exact.derivatives(theta.tolist())[0]]
        assert gradient == pytest.approx(truth, rel=room, abs=1e-300)


def big(name: str) -> tuple[Task | ClassTask, Any]:
    if name == "softmax":
        X, y, T = scored(150_000, 20, 4)
        return ClassTask(Scores(4, 20), X, y, np.zeros(80)), T.ravel()
    X, y, theta = sample(150_000, 20)
    return Task(loss_of(name), Linear(20), X, y, np.zeros(20)), theta


@pytest.mark.parametrize("name", ["squared", "logistic", "huber", "softmax"])
def test_the_number_of_threads_changes_no_bit(name: str, compiler: Machine) -> None:
    task, theta = big(name)
    found = [CompiledSums(task, compiler, threads) for threads in (1, 2, 3, 5)]
    assert [one.threads for one in found] == [1, 2, 3, 5]
    first, *others = [(one.value(theta), *one.value_and_gradient(theta)) for one in found]
    for value, together, gradient in others:
        assert (value, together) == first[:2]
        assert gradient.tobytes() == first[2].tobytes()


def test_small_data_are_one_thread_s_work(compiler: Machine) -> None:
    X, y, _ = sample(100, 3)
    assert CompiledSums(Task(loss_of("squared"), Linear(3), X, y, np.zeros(3)), compiler, 8).threads == 1
    assert processors() >= 1


def test_a_model_by_formula(folder: Path) -> None:
    X, y, _ = sample(3000, 1, signs=False)
    model = Field(parametric("t*(1 - exp(-u*x))", ("t", "u"), ("x",)).slopes, parameters=2, columns=1)
    value, gradient = asked(Task(loss_of("squared"), model, X, y, np.zeros(2)), folder).value_and_gradient(
        np.array([1.5, 0.5])
    )
    x = X[:, 0]
    e = np.exp(-0.5 * x)
    residual = 1.5 * (1 - e) - y
    assert value == pytest.approx(np.mean(residual**2) / 2, rel=1e-13)
    assert gradient == pytest.approx([np.mean(residual * (1 - e)), np.mean(residual * 1.5 * x * e)], rel=1e-11)


@pytest.mark.parametrize("at", [0, 70, 4999])
def test_one_number_that_is_not_finite_is_seen(at: int, folder: Path) -> None:
    X, y, theta = sample(5000, 4)
    X[at, 2] = math.nan
    value, gradient = asked(Task(loss_of("logistic"), Linear(4), X, y, np.zeros(4)), folder).value_and_gradient(theta)
    assert math.isnan(value)
    assert np.isnan(gradient).all()
    classes = ClassTask(Scores(3, 4), X, (y > 0.0).astype(np.intp), np.zeros(12))
    value, gradient = asked(classes, folder).value_and_gradient(np.arange(12.0))
    assert math.isnan(value)
    assert np.isnan(gradient).all()


def test_an_engine_that_is_not_known(folder: Path) -> None:
    X, y, _ = sample(5, 2)
    with pytest.raises(UsageError, match="unknown engine 'jit'") as caught:
        sums(Task(loss_of("squared"), Linear(2), X, y, np.zeros(2)), 1, "jit", folder)
    assert caught.value.hint == "the engines are auto, interpret, compile"


def test_what_cannot_be_compiled_is_numpys_work_unless_it_is_asked_for(folder: Path) -> None:
    X, y, _ = sample(5, 2)
    source = "def d0(p, y):\n    return gamma(p)\n\ndef d1(p, y):\n    return gamma(p)\n"
    task = Task(Derived("gamma(p)", ("p", "y"), ("", ""), source), Linear(2), X, y, np.zeros(2))
    assert sums(task, 10**9, "auto", folder) is None
    with pytest.raises(UsageError, match="gamma cannot be compiled") as caught:
        sums(task, 1, "compile", folder)
    assert caught.value.hint == "--engine interpret runs it"
